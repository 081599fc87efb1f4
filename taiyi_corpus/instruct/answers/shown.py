"""The labels shown to the model, and the fixed sentences around an answer."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from taiyi_corpus.instruct.answers.delimiters import core, excerpt, fold, loosely
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Unlisted, Unparsable


class Shown:
    """Finds the label meant by a text: the same label, else the only one that is loosely the same."""

    def __init__(self, labels: Iterable[str] | None) -> None:
        self._exact = None if labels is None else frozenset(labels)
        self._loose: dict[str, str | None] = {}
        for label in self._exact or ():
            key = loosely(label)
            # Two labels that differ only in case can be told apart by an exact match alone.
            self._loose[key] = None if key in self._loose else label

    def find(self, text: str) -> str:
        """Return the label; raise Unlisted if none is meant. Without labels, any text is one."""
        if self._exact is None or text in self._exact:
            return text
        if (label := self._loose.get(loosely(text))) is None:
            raise Unlisted(f"{excerpt(text)} is not among the labels shown")
        return label


def demand(label: str, options: Sequence[str] | None) -> str:
    """Return `label`; raise ValueError if it is not among the options, which is a fault of the caller."""
    if options is not None and label not in options:
        raise ValueError(f"the gold label {excerpt(label)} is not among the options shown")
    return label


def in_order(labels: Iterable[str], options: Sequence[str] | None) -> list[str]:
    """Return the distinct labels in the order of the options, or of their first occurrence without options."""
    found = dict.fromkeys(labels)
    if options is None:
        return list(found)
    for label in found:
        demand(label, options)
    return [option for option in dict.fromkeys(options) if option in found]


def one_type(frame: Frame) -> str | None:
    """Return the type asked for where there is exactly one."""
    return frame.options[0] if frame.options is not None and len(frame.options) == 1 else None


def spoken(word: str, frame: Frame) -> str:
    """Return a word of the frame with `{type}` replaced by the one asked type."""
    # Not str.format: a surface name may hold braces.
    said = frame.words[word]
    return said.replace("{type}", one_type(frame) or "{type}") if "{type}" in said else said


_loosely = functools.lru_cache(maxsize=4096)(loosely)


def is_empty(text: str, frame: Frame) -> bool:
    """Tell whether `text` is the sentence that says that there is nothing."""
    empty = _loosely(spoken("empty", frame))
    first = fold(text[:1])
    # Most answers begin otherwise, which a look at their first character tells.
    if (
        first
        and first != "."
        and not first.isspace()
        and not first.casefold().startswith(empty[:1])
    ):
        return False
    return loosely(text) == empty


def told(text: str, frame: Frame) -> str:
    """Return a rendered answer; raise Confusable if it would be read as the sentence that says nothing is there."""
    if is_empty(text, frame):
        raise Confusable("the answer reads like the one for nothing found")
    return text


def enclose(body: str, frame: Frame) -> str:
    """Return `body` between the lead-in and the closing mark."""
    return f"{spoken('lead', frame)}{body}{frame.words['end']}"


def disclose(text: str, frame: Frame) -> str:
    """Return what stands after the lead-in and before the closing mark, which may be missing."""
    text, lead, end = text.strip(), spoken("lead", frame).strip(), core(frame.words["end"])
    if fold(text[: len(lead)]).casefold() != fold(lead).casefold():
        raise Unparsable(f"{excerpt(text)} does not begin with {excerpt(lead)}")
    body = text[len(lead) :].strip()
    if end and fold(body).endswith(end):
        body = body[: -len(end)].rstrip()
    if not body:
        raise Unparsable("nothing follows the lead-in")
    return body
