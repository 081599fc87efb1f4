"""What a template's words for a style may be. Written down for authors in docs/templates-styles.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import combinations

from taiyi_corpus.instruct.answers.delimiters import core, fold

DELIMITERS = frozenset(
    {"label", "item", "open", "close", "inner", "outer", "arrow", "equals", "mark"}
)
MAY_BE_EMPTY = frozenset({"lead", "end"})
MAY_BE_EQUAL = frozenset({frozenset({"inner", "outer"}), frozenset({"label", "equals"})})
INSIDE = frozenset({"none", "trigger"})  # stand between delimiters
NAMES_THE_TYPE = frozenset({"lead", "empty"})


def faults(words: Mapping[str, str], wanted: tuple[str, ...], one_type: bool) -> list[str]:
    """Return what is wrong with the words given for a style, in plain sentences."""
    found = [f"the word {name!r} is missing" for name in wanted if name not in words]
    found += [f"the style has no word {name!r}" for name in words if name not in wanted]
    present = [name for name in wanted if name in words]
    for name in present:
        word = words[name]
        if name in DELIMITERS:
            if not _is_delimiter(word):
                found.append(f"{name!r} is not one mark with blanks around it: {word!r}")
        elif name not in MAY_BE_EMPTY and len(word.strip().splitlines()) != 1:
            found.append(f"{name!r} is not one line of text: {word!r}")
        if "{type}" in word and not (one_type and name in NAMES_THE_TYPE):
            found.append(f"{name!r} cannot name the type: {word!r}")
    marks = {core(words[name]) for name in present if name in DELIMITERS}
    for name in sorted(INSIDE & set(present)):
        if any(mark in fold(words[name]) for mark in marks if mark):
            found.append(f"{name!r} holds a delimiter of the style: {words[name]!r}")
    for a, b in combinations((name for name in present if name in DELIMITERS), 2):
        if core(words[a]) == core(words[b]) and frozenset({a, b}) not in MAY_BE_EQUAL:
            found.append(f"{a!r} and {b!r} are the same mark: {words[a]!r}, {words[b]!r}")
    return found


def _is_delimiter(word: str) -> bool:
    mark = core(word)
    one_line = word.splitlines() == [word]
    return one_line and len(mark) == 1 and unicodedata.category(mark)[0] in "PS"
