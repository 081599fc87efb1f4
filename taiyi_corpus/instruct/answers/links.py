"""Links: `[[mention, concept or null], ...]`, compared as a set.

The options, where there are any, are the concepts on offer.
"""

from __future__ import annotations

from collections.abc import Hashable

from taiyi_corpus.instruct.answers import json_text
from taiyi_corpus.instruct.answers.delimiters import (
    Brackets,
    alike,
    cut_first,
    excerpt,
    lines,
    plain,
)
from taiyi_corpus.instruct.answers.shown import Shown, demand, is_empty, spoken, told
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unparsable

_KEYS = frozenset({"mention", "concept"})


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return frozenset(
        (mention.strip(), None if concept is None else concept.strip()) for mention, concept in gold
    )


def _pairs(gold: Gold, frame: Frame) -> list[tuple[str, str]]:
    """Return the distinct pairs as they are written, "no concept" as its word."""
    none = frame.words["none"]
    pairs = []
    for mention, concept in gold:
        if concept is not None:
            demand(concept, frame.options)
            if alike(concept, none):
                raise Confusable(f"{excerpt(concept)} reads like the word for no concept")
        pairs.append((mention, none.strip() if concept is None else concept))
    return list(dict.fromkeys(pairs))


class _Reader:
    """Reads what stands on the two sides of a delimiter."""

    def __init__(self, frame: Frame) -> None:
        self._none = frame.words["none"]
        self._shown = Shown(frame.options)

    def read(self, text: str, delimiter: str) -> list[str | None]:
        mention, concept = cut_first(text, delimiter)
        if not mention or not concept:
            raise Unparsable(f"one side of {excerpt(text)} is blank")
        return [mention, None if alike(concept, self._none) else self._shown.find(concept)]


def _render_lines(gold: Gold, frame: Frame) -> str:
    """`mention → concept`, one line a pair; a concept may hold the arrow, a mention may not."""
    if not gold:
        return spoken("empty", frame)
    arrow = frame.words["arrow"]
    pairs = _pairs(gold, frame)
    return told("\n".join(f"{plain(m, arrow)}{arrow}{plain(c)}" for m, c in pairs), frame)


def _parse_lines(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    reader = _Reader(frame)
    return [reader.read(line, frame.words["arrow"]) for line in lines(text)]


def _brackets(frame: Frame) -> Brackets:
    words = frame.words
    return Brackets(words["open"], words["close"], words["inner"], words["outer"])


def _render_pairs(gold: Gold, frame: Frame) -> str:
    """`[mention | concept], [mention | concept]`."""
    if not gold:
        return spoken("empty", frame)
    return told(_brackets(frame).join(_pairs(gold, frame)), frame)


def _parse_pairs(text: str, frame: Frame) -> Gold:
    if is_empty(text, frame):
        return []
    reader = _Reader(frame)
    return [reader.read(body, frame.words["inner"]) for body in _brackets(frame).cut(text)]


def _render_json(gold: Gold, frame: Frame) -> str:
    """`[{"mention": "a", "concept": "b"}]`."""
    pairs = dict.fromkeys((m, c if c is None else demand(c, frame.options)) for m, c in gold)
    return json_text.dump([{"mention": mention, "concept": concept} for mention, concept in pairs])


def _parse_json(text: str, frame: Frame) -> Gold:
    shown, gold = Shown(frame.options), []
    for item in json_text.objects(json_text.load(text), _KEYS):
        concept = item["concept"]
        if concept is not None:
            concept = shown.find(json_text.string(concept, "concept"))
        gold.append([json_text.string(item["mention"], "mention"), concept])
    return gold


STYLES = {
    "lines": Style(_render_lines, _parse_lines, ("arrow", "none", "empty")),
    "pairs": Style(
        _render_pairs, _parse_pairs, ("open", "close", "inner", "outer", "none", "empty")
    ),
    "json": Style(_render_json, _parse_json),
}
