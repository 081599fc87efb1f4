"""Edits of a text that know where every offset goes, and can be undone."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from taiyi_corpus.schema.record import Answer, Entity, Event, Passage, Record, Span, Trigger


class Edit(msgspec.Struct, frozen=True, array_like=True):
    """The stretch of a text from `start` on that read `old` and now reads `new`."""

    start: int
    old: str
    new: str


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits made; they are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.new)
        at = edit.start + len(edit.old)
    return "".join([*parts, text[at:]])


def inverse(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that make a text again what it was before some edits."""
    shift = 0
    back: list[Edit] = []
    for edit in edits:
        back.append(Edit(edit.start + shift, edit.new, edit.old))
        shift += len(edit.new) - len(edit.old)
    return back


def between(old: str, new: str) -> list[Edit]:
    """Return edits that turn one text into another, for changes that are known by their result only."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Edit(a, old[a:b], new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    ]


class Offsets:
    """Where offsets of a text are after edits; in a changed stretch a start goes to its start, an end to its end."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts = [edit.start for edit in edits]
        self._edits = edits
        self._shift = [0]  # of what lies before edit i
        for edit in edits:
            self._shift.append(self._shift[-1] + len(edit.new) - len(edit.old))

    def start(self, offset: int) -> int:
        """Return where a stretch that started at `offset` starts."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return offset
        edit = self._edits[number]
        if offset < edit.start + len(edit.old):
            return edit.start + self._shift[number]
        return offset + self._shift[number + 1]

    def end(self, offset: int) -> int:
        """Return where a stretch that ended before `offset` ends."""
        number = bisect_right(self._starts, offset - 1) - 1
        if number < 0:
            return offset
        edit = self._edits[number]
        if offset <= edit.start + len(edit.old):
            return edit.start + self._shift[number] + len(edit.new)
        return offset + self._shift[number + 1]


def carry(record: Record, edits: Sequence[Edit], piece_join: str) -> Record:
    """Return a record with its text edited and every offset into the text carried along."""
    offsets = Offsets(edits)
    text = apply(record.text or "", edits)

    def moved(spans: list[Span] | None) -> list[Span] | None:
        if spans is None:
            return None
        carried = [Span(offsets.start(s.start), offsets.end(s.end)) for s in spans]
        # Pieces that one edit made touch the same stretch keep it once; a piece left empty is no piece.
        kept: list[Span] = []
        for span in carried:
            start = (
                max(span.start, kept[-1].end)
                if kept and span.start >= kept[-1].start
                else span.start
            )
            if span.end > start:
                kept.append(Span(start, span.end))
        return kept or None

    def said(spans: list[Span] | None, before: str) -> str:
        return before if spans is None else piece_join.join(text[s.start : s.end] for s in spans)

    entities: list[Entity] | None = None
    if record.entities is not None:
        entities = []
        for entity in record.entities:
            spans = moved(entity.spans)
            entities.append(
                msgspec.structs.replace(entity, spans=spans, text=said(spans, entity.text))
            )
    events: list[Event] | None = None
    if record.events is not None:
        events = []
        for event in record.events:
            trigger = event.trigger
            if trigger is not None and trigger.spans is not None:
                spans = moved(trigger.spans)
                trigger = Trigger(spans=spans, text=said(spans, trigger.text))
            events.append(msgspec.structs.replace(event, trigger=trigger))
    passages = None
    if record.passages is not None:
        passages = [
            Passage(p.type, offsets.start(p.start), offsets.end(p.end)) for p in record.passages
        ]
    bounds = record.sentence_bounds
    if bounds is not None:
        bounds = sorted({offsets.end(bound) for bound in bounds if offsets.end(bound) > 0})
    return msgspec.structs.replace(
        record,
        text=text,
        entities=entities,
        events=events,
        passages=passages,
        sentence_bounds=bounds,
    )


def carry_context(record: Record, edits: Sequence[Edit]) -> Record:
    """Return a record with its context edited; answers that lie in it are carried along."""
    offsets = Offsets(edits)
    context = apply(record.context or "", edits)
    answers: list[Answer] | None = None
    if record.answers is not None:
        answers = []
        for answer in record.answers:
            if answer.start is None or answer.end is None:
                answers.append(answer)
                continue
            start, end = offsets.start(answer.start), offsets.end(answer.end)
            answers.append(Answer(text=context[start:end], start=start, end=end))
    return msgspec.structs.replace(record, context=context, answers=answers)
