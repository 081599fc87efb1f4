"""Labels of a text, any number of them: `[label, ...]`, compared as a set."""

from __future__ import annotations

from collections.abc import Hashable

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import cut, plain
from taiyi_corpus.instruct.answers.shown import (
    Shown,
    disclose,
    enclose,
    in_order,
    is_empty,
    spoken,
    told,
)
from taiyi_corpus.instruct.answers.style import Frame, Gold, Style, Unparsable


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset(label.strip() for label in gold)


def _listed(gold: Gold, frame: Frame) -> str:
    item = frame.words["item"]
    return item.join(plain(label, item) for label in in_order(gold, frame.options))


def _found(text: str, frame: Frame) -> list[str]:
    shown = Shown(frame.options)
    if not (labels := [shown.find(piece) for piece in cut(text, frame.words["item"])]):
        raise Unparsable("no label is written")
    return labels


def _render_list(gold: Gold, frame: Frame) -> str:
    """`a; b`, in the order of the options."""
    return told(_listed(gold, frame), frame) if gold else spoken("empty", frame)


def _parse_list(text: str, frame: Frame) -> Gold:
    return [] if is_empty(text, frame) else _found(text, frame)


def _render_sentence(gold: Gold, frame: Frame) -> str:
    """A lead-in, then `a; b`."""
    return told(enclose(_listed(gold, frame), frame), frame) if gold else spoken("empty", frame)


def _parse_sentence(text: str, frame: Frame) -> Gold:
    return [] if is_empty(text, frame) else _found(disclose(text, frame), frame)


def _render_json(gold: Gold, frame: Frame) -> str:
    """`["a", "b"]`, in the order of the options."""
    return json_text.dump(in_order(gold, frame.options))


def _parse_json(text: str, frame: Frame) -> Gold:
    shown = Shown(frame.options)
    return [shown.find(label) for label in json_text.strings(json_text.load(text), "the answer")]


STYLES = {
    "list": Style(_render_list, _parse_list, ("item", "empty")),
    "sentence": Style(_render_sentence, _parse_sentence, ("lead", "item", "end", "empty")),
    "json": Style(_render_json, _parse_json),
}
