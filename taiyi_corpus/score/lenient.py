"""The rules by which the authors of Taiyi score, so that their published numbers can be set beside one's own.

They read the answer and the gold text with the same eyes, knowing nothing of options:

- ner: a line is `type: a; b`; a type of several words is passed over.
- re: lower case; of a line, what stands between its first and its second colon; both directions of a pair are right.
- tc: what follows the last colon, cut at semicolons.
- questions: what follows the first colon must be the gold, letter by letter.

They are defined for the styles that have these forms (lines, sentence, list, bare); rows in another style are counted,
read by our own parser, and compared as leniently: relations in lower case and in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from taiyi_corpus.score.items import Item, Items

STYLES = {
    "ner": frozenset({"lines"}),
    "re": frozenset({"lines", "sentence"}),
    "tc": frozenset({"list", "sentence"}),
    "qa_choice": frozenset({"bare", "sentence"}),
    "qa_yesno": frozenset({"bare", "sentence"}),
}
_COLON = re.compile("[:：]")
_ITEM = re.compile("[;；]")
_PART = re.compile("[,;，；]")
_GROUP = re.compile(r"[\[【]([^\[\]【】]*)[\]】]")


def reads(task: str, style: str) -> bool:
    """Tell whether the rules are defined for a style of a task."""
    return style in STYLES.get(task, ())


def said(task: str, text: str, empty: str) -> Items:
    """Return what a text states by these rules; `empty` is the sentence for nothing found."""
    if task != "tc" and text.strip() == empty.strip():
        return frozenset()
    return _READERS[task](text)


def compared(task: str, gold: Any) -> Any:
    """Return a gold that our own parser read in the form in which these rules compare it."""
    if task != "re":
        return gold
    return [
        {"type": item["type"].lower(), "args": [["", text.lower()] for _, text in item["args"]]}
        for item in gold
    ]


def _mentions(text: str) -> Items:
    found: set[Item] = set()
    for line in text.split("\n"):
        head, *rest = _COLON.split(line, maxsplit=1)
        if rest and len(head.split()) == 1:
            found |= {
                (head.strip(), value.strip()) for value in _ITEM.split(rest[0]) if value.strip()
            }
    return frozenset(found)


def _pairs(text: str) -> Items:
    found: set[Item] = set()
    for line in text.lower().split("\n"):
        parts = _COLON.split(line)
        if len(parts) < 2:
            continue
        for group in _GROUP.findall(parts[1]):
            # Sorted, so that either direction is the same pair.
            found.add((parts[0].strip(), tuple(sorted(v.strip() for v in _PART.split(group)))))
    return frozenset(found)


def _labels(text: str) -> Items:
    last = _COLON.split(text)[-1]
    labels = (label.strip().rstrip(".。") for label in _ITEM.split(last))
    return frozenset((label, label) for label in labels if label)


def _answer(text: str) -> Items:
    answer = _COLON.split(text, maxsplit=1)[-1].strip()
    return frozenset({("", answer)}) if answer else frozenset()


_READERS: dict[str, Callable[[str], Items]] = {
    "ner": _mentions,
    "re": _pairs,
    "tc": _labels,
    "qa_choice": _answer,
    "qa_yesno": _answer,
}
