"""How the prose of a template must be written: punctuation of its own language, no doubled blanks, no escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SLOT = re.compile(r"\{\{.*?\}\}")
_ASIAN = re.compile(r"[\u3001-\u303f\uff01-\uff60\uffe0-\uffe6]")  # CJK marks, full-width forms
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\u3001-\u303f\uff01-\uff60“”]"
_HALF = re.compile(rf"(?<={_HAN})\s*([,;:?!()])\s*(?={_HAN})")
_DOUBLED = re.compile(r"\S([ \t\u3000]{2,})")


class Slip(NamedTuple):
    """One thing badly written: on which line of the text (0 for the first), what is wanted, what is there."""

    line: int
    wanted: str
    found: str


def slips(text: str, language: str) -> Iterator[Slip]:
    """Yield what is badly written in a text of a template."""
    for number, line in enumerate(text.split("\n")):
        if "\\n" in line:
            yield Slip(number, "a line break", r"the two characters \n")
        if _DOUBLED.search(line):
            yield Slip(number, "one blank between words", "several")
        if language == "zh":
            # A slot holds Chinese, or stands where Chinese would.
            for mark in _HALF.findall(_SLOT.sub("〇", line)):
                yield Slip(number, "full-width punctuation between Chinese characters", f"{mark!r}")
        elif mark := _ASIAN.search(line):
            yield Slip(number, "half-width punctuation in English", f"{mark[0]!r}")
