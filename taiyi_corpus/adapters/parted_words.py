"""Chinese and English sentences whose words and marks a tokeniser parted, as translation programs take them.

    zh   心力衰竭 患者 服用 了 华法林 （ 10 mg ） 。        (a blank behind each word)
    en   trial @-@ drug users &apos; INR was 2.5 ( 95 % CI , 2 to 3 ) .      (Moses, hyphens parted, too)

They are written as people write: 心力衰竭患者服用了华法林（10 mg）。 and trial-drug users' INR was 2.5
(95% CI, 2 to 3). A quotation mark may open or close and keeps its blanks. A mapping cannot take blanks away.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True

_WIDE = "\u2010-\u206f\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese characters and marks
_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}]) +| +(?=[{_WIDE}])")
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_JOINT = re.compile(r"(?<=[A-Za-z0-9]) ([-/~]) (?=[A-Za-z0-9])")  # COVID - 19, 0.58 - 0.80
_HYPHEN = re.compile(r" ?@([-/])@ ?")
_BEFORE = re.compile(r" +(?=[.,;:?!%)\]])| +(?='(?:s|t|m|d|re|ve|ll)?(?: |$))")
_AFTER = re.compile(r"(?<=[(\[]) +")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Write the texts `zh` and `en` of each row without the blanks of the tokenisers."""
    for row in rows:
        data = {**row.data, "zh": _chinese(row.data["zh"]), "en": _english(row.data["en"])}
        yield Row(row.where, row.key, data)


def _chinese(text: str) -> str:
    text = _BESIDE_WIDE.sub("", html.unescape(text))
    return _JOINT.sub(r"\1", _PERCENT.sub("", text))


def _english(text: str) -> str:
    text = _HYPHEN.sub(r"\1", html.unescape(text))
    return _AFTER.sub("", _BEFORE.sub("", text))
