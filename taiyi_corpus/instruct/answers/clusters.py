"""Coreference: `[[mention, ...], ...]`, compared as a set of sets."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import Brackets, cut, lines, plain
from taiyi_corpus.instruct.answers.shown import disclose, enclose, is_empty, spoken, told
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unparsable


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset(frozenset(mention.strip() for mention in cluster) for cluster in gold)


def _distinct(cluster: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cluster))


def _render_lines(gold: Gold, frame: Frame) -> str:
    """`a; b; c`, one line a cluster."""
    if not gold:
        return spoken("empty", frame)
    item, rows = frame.words["item"], []
    for cluster in gold:
        if not cluster:
            raise Confusable("a cluster is empty")
        rows.append(item.join(plain(mention, item) for mention in _distinct(cluster)))
    return told("\n".join(rows), frame)


def _parse_lines(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    return [_members(line, frame.words["item"]) for line in lines(text)]


def _members(text: str, delimiter: str) -> list[str]:
    if not (members := cut(text, delimiter)):
        raise Unparsable("a cluster is empty")
    return members


def _brackets(frame: Frame) -> Brackets:
    words = frame.words
    return Brackets(words["open"], words["close"], words["inner"], words["outer"])


def _render_sentence(gold: Gold, frame: Frame) -> str:
    """A lead-in, then `[a; b]; [c; d]`."""
    if not gold:
        return spoken("empty", frame)
    body = _brackets(frame).join(_distinct(cluster) for cluster in gold)
    return told(enclose(body, frame), frame)


def _parse_sentence(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    bodies = _brackets(frame).cut(disclose(text, frame))
    return [_members(body, frame.words["inner"]) for body in bodies]


def _render_json(gold: Gold, frame: Frame) -> str:
    """`[["a", "b"], ["c", "d"]]`."""
    return json_text.dump([_distinct(cluster) for cluster in gold])


def _parse_json(text: str, frame: Frame) -> Gold:
    value = json_text.load(text)
    if not isinstance(value, list):
        raise Unparsable("not a list")
    return [json_text.strings(cluster, "a cluster") for cluster in value]


STYLES = {
    "lines": Style(_render_lines, _parse_lines, ("item", "empty")),
    "sentence": Style(
        _render_sentence,
        _parse_sentence,
        ("lead", "open", "close", "inner", "outer", "end", "empty"),
    ),
    "json": Style(_render_json, _parse_json),
}
