"""Cutting a text at delimiters, and knowing which values a delimiter does not separate.

A delimiter is one punctuation mark or symbol with any blanks around it (`words.py` holds templates to that). Reading
looks only at the mark, and takes full-width and half-width forms as the same, so writing refuses a value that holds the
mark in either form. Folding keeps the length of a text: cuts are found in the folded text and made in the real one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from taiyi_corpus.instruct.answers.style import Confusable, Unparsable

# Full-width ASCII (U+FF01 to U+FF5E), and the marks that stand for an ASCII one in Chinese.
_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)} | str.maketrans("。｡【】", "..[]")


def fold(text: str) -> str:
    """Return `text` with full-width marks made half-width; as long as `text`."""
    return text if text.isascii() else text.translate(_FOLD)


@functools.cache  # delimiters come from templates: there are few
def core(word: str) -> str:
    """Return the mark of a delimiter: folded, without the blanks around it."""
    return fold(word).strip()


def loosely(text: str) -> str:
    """Return `text` without what a label may be written with: width, case, blanks, a closing period."""
    return " ".join(fold(text).casefold().split()).rstrip(". ")


def alike(a: str, b: str) -> bool:
    """Tell whether two texts are loosely the same."""
    return loosely(a) == loosely(b)


def excerpt(text: str) -> str:
    """Return `text` quoted and cut short, for a reason."""
    return repr(text if len(text) <= 40 else text[:40] + "…")


def plain(value: str, *delimiters: str) -> str:
    """Return `value` if it can be told from what surrounds it; raise Confusable if not.

    A plain value is not blank, has no blanks around it, no line break of any sort, and none of `delimiters` in it.
    """
    stripped = value.strip()
    if not stripped:
        raise Confusable("a value is blank")
    if value != stripped:
        raise Confusable(f"{excerpt(value)} has blanks around it")
    if len(value.splitlines()) > 1:
        raise Confusable(f"{excerpt(value)} has a line break")
    folded = fold(value)
    for delimiter in delimiters:
        if core(delimiter) in folded:
            raise Confusable(f"{excerpt(value)} holds the delimiter {delimiter.strip()!r}")
    return value


def all_plain(values: Sequence[str], *delimiters: str) -> Sequence[str]:
    """Return `values` if each of them is plain; raise Confusable for the first that is not."""
    # One look at all of them together; only what may be wrong is looked at value by value.
    joined = "\n".join(values)
    folded = fold(joined)
    marks = [core(delimiter) for delimiter in delimiters]
    if (
        len(joined.splitlines()) != len(values)
        or not all(values)
        or list(map(str.strip, values)) != [*values]
        or any(mark in folded for mark in marks)
    ):
        for value in values:
            plain(value, *delimiters)
    return values


def lines(text: str) -> list[str]:
    """Return the lines of an answer, stripped, blank ones left out; raise Unparsable if there are none."""
    found = [line.strip() for line in text.split("\n")]
    found = [line for line in found if line]
    if not found:
        raise Unparsable("nothing is written")
    return found


def cut(text: str, delimiter: str) -> list[str]:
    """Return the pieces of `text` between delimiters, stripped, blank ones left out."""
    mark, pieces, start = core(delimiter), [], 0
    for part in fold(text).split(mark):
        if piece := text[start : start + len(part)].strip():
            pieces.append(piece)
        start += len(part) + len(mark)
    return pieces


def cut_first(text: str, delimiter: str) -> tuple[str, str]:
    """Return what lies before and after the first delimiter, stripped; raise Unparsable without one."""
    return _cut_at(text, fold(text).find(core(delimiter)), delimiter)


def cut_last(text: str, delimiter: str) -> tuple[str, str]:
    """Return what lies before and after the last delimiter, stripped; raise Unparsable without one."""
    return _cut_at(text, fold(text).rfind(core(delimiter)), delimiter)


def _cut_at(text: str, at: int, delimiter: str) -> tuple[str, str]:
    if at < 0:
        raise Unparsable(f"{excerpt(text)} has no {delimiter.strip()!r}")
    return text[:at].strip(), text[at + len(core(delimiter)) :].strip()


def unwrap(text: str, before: str, after: str) -> str:
    """Return what stands between two brackets that open and close `text`, stripped."""
    text, first, last = text.strip(), core(before), core(after)
    folded = fold(text)
    whole = len(text) >= len(first) + len(last)
    if not (whole and folded.startswith(first) and folded.endswith(last)):
        raise Unparsable(f"{excerpt(text)} is not between {before.strip()!r} and {after.strip()!r}")
    return text[len(first) : len(text) - len(last)].strip()


@functools.cache
def _border(*marks: str) -> re.Pattern[str]:
    return re.compile(r"\s*".join(re.escape(mark) for mark in marks))


@dataclass(frozen=True, slots=True)
class Brackets:
    """Groups of values: `[a; b]; [c; d]`.

    Reading cuts where a closing bracket, the outer delimiter and an opening bracket follow each other, so a value may
    hold brackets ("[3H]dopamine") as long as no such sequence comes about inside a value or between two values.
    """

    open: str
    close: str
    inner: str
    outer: str

    def _border(self) -> re.Pattern[str]:
        return _border(core(self.close), core(self.outer), core(self.open))

    def join(self, groups: Iterable[Sequence[str]], *, free_first: bool = False) -> str:
        """Return the groups as text; with `free_first` a group's first value may hold the inner delimiter."""
        listed = list(groups)
        values = [value for group in listed for value in group]
        # Without a closing bracket in any value there is no border to be mistaken.
        if core(self.close) in fold("\n".join(values)) or not all(listed):
            return self.outer.join([self._group(group, free_first) for group in listed])
        if free_first:
            all_plain([group[0] for group in listed])
            values = [value for group in listed for value in group[1:]]
        all_plain(values, self.inner)
        bodies = [self.inner.join(group) for group in listed]
        between = f"{self.close}{self.outer}{self.open}"
        return f"{self.open}{between.join(bodies)}{self.close}"

    def _group(self, group: Sequence[str], free_first: bool) -> str:
        if not group:
            raise Confusable("a group is empty")
        border, last = self._border(), core(self.close)
        for i, value in enumerate(group):
            plain(value, *(() if free_first and i == 0 else (self.inner,)))
            if last in (folded := fold(value)) and border.search(folded):
                raise Confusable(f"{excerpt(value)} holds a border between brackets")
        if core(self.inner) == core(self.outer):
            for left, right in pairwise(group):
                if fold(left).endswith(core(self.close)) and fold(right).startswith(
                    core(self.open)
                ):
                    raise Confusable(
                        f"{excerpt(left)} and {excerpt(right)} make a border between brackets"
                    )
        return f"{self.open}{self.inner.join(group)}{self.close}"

    def cut(self, text: str) -> list[str]:
        """Return what stands in each pair of brackets, stripped."""
        inside = unwrap(text, self.open, self.close)
        bodies, start = [], 0
        for border in self._border().finditer(fold(inside)):
            bodies.append(inside[start : border.start()].strip())
            start = border.end()
        bodies.append(inside[start:].strip())
        for body in bodies:
            if "\n" in body:
                raise Unparsable(f"{excerpt(body)} has a line break")
        return bodies
