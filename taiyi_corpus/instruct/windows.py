"""Long documents, cut into windows at sentence bounds.

A bound inside a mention is no bound, so every mention lies in one window; `Window.holds` tells what joins two.
"""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct

from taiyi_corpus.instruct.ask import Refused
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.schema.record import Entity, Record, Span


class Window(Struct, frozen=True, gc=False):
    """Code points `start` up to `end` of a record's text; `whole` if that is all of it."""

    start: int
    end: int
    whole: bool

    def holds(self, spans: list[Span] | None) -> bool:
        """Return whether an annotation lies in this window; what has no position lies in a whole text only."""
        if spans is None:
            return self.whole
        return all(self.start <= span.start and span.end <= self.end for span in spans)


def windows(record: Record, max_tokens: int) -> list[Window]:
    """Return the windows of a record's text, each about `max_tokens` at most where sentences allow it.

    Raises:
        Refused: the text is too long and its mentions have no positions, or a single sentence is over the budget.
    """
    text = record.text or ""
    whole = Window(0, len(text), True)
    # The wording, the options and the answer take their part of the budget.
    budget = int(max_tokens * 0.6)
    if estimate_tokens(text) <= budget:
        return [whole]
    if any(entity.spans is None for entity in record.entities or []):
        raise Refused("long_unpositioned", "too long, and not every mention has a position")
    bounds = _free_bounds(
        record.sentence_bounds or sentence_bounds(text, record.language), record.entities or []
    )
    found: list[Window] = []
    start = last = 0
    for end in bounds:
        if last > start and estimate_tokens(text[start:end]) > budget:
            found.append(Window(start, last, False))
            start = last
        last = end
    found.append(Window(start, len(text), False))
    return [window for window in found if text[window.start : window.end].strip()]


def _free_bounds(bounds: list[int], entities: list[Entity]) -> list[int]:
    """Return the bounds that lie in no mention, gaps of discontinuous ones included; the last one always stays."""
    blocked: set[int] = set()
    for entity in entities:
        spans = entity.spans or []
        low, high = min(span.start for span in spans), max(span.end for span in spans)
        position = bisect_left(bounds, low + 1)
        while position < len(bounds) and bounds[position] < high:
            blocked.add(bounds[position])
            position += 1
    return [bound for bound in bounds if bound not in blocked]
