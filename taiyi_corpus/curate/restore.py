"""Undoing repairs: a record as its source has it, from the repaired one and its lines in the ledger.

The edits of a text give the text back, and every offset but one: a bound inside a changed stretch was moved to the
stretch's own bound. Where that happened, a line of its own holds the spans as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from taiyi_corpus.curate.edits import Edit, apply, carry, carry_context, inverse
from taiyi_corpus.ledger import Drop
from taiyi_corpus.schema.record import Answer, Choice, Passage, Record, Span, Trigger, Turn


def edited(record: Record, field: str, edits: Sequence[Edit], piece_join: str) -> Record:
    """Return a record with one of its texts edited; offsets into the text are carried along."""
    if field == "text":
        return carry(record, edits, piece_join)
    if field == "context":
        return carry_context(record, edits)
    name, _, number = field.partition(".")
    if not number:
        return msgspec.structs.replace(record, **{name: apply(getattr(record, name), edits)})
    items = list(getattr(record, name))
    at = int(number)
    items[at] = _with_text(items[at], apply(items[at].text, edits))
    return msgspec.structs.replace(record, **{name: items})


def _with_text(item: Answer | Turn | Choice, text: str) -> Answer | Turn | Choice:
    return msgspec.structs.replace(item, text=text)


def lost(before: Record, after: Record, field: str, edits: Sequence[Edit], piece_join: str
         ) -> Iterator[tuple[str, list[Span]]]:  # fmt: skip
    """Yield (part, its spans as they were) of all that undoing the edits of a text would put elsewhere."""
    back = dict(_positions(edited(after, field, inverse(edits), piece_join), field))
    for part, spans in _positions(before, field):
        if back.get(part) != spans:
            yield part, spans


def _positions(record: Record, field: str) -> Iterator[tuple[str, list[Span]]]:
    """Yield (part, spans) of all that has a place in a text of a record."""
    if field == "context":
        for number, answer in enumerate(record.answers or []):
            if answer.start is not None and answer.end is not None:
                yield f"answers.{number}", [Span(answer.start, answer.end)]
    if field == "text":
        for number, passage in enumerate(record.passages or []):
            yield f"passages.{number}", [Span(passage.start, passage.end)]
        for entity in record.entities or []:
            if entity.spans is not None:
                yield entity.id, entity.spans
        for event in record.events or []:
            if event.trigger is not None and event.trigger.spans is not None:
                yield event.id, event.trigger.spans


def restore(record: Record, lines: Sequence[Drop], piece_join: str = " ") -> Record:
    """Return a record as it was before its repairs.

    Args:
        lines: the `repaired_...` of this record, in the order of the ledger.
        piece_join: that of the dataset.
    """
    moved: dict[str, list[Span]] = {}
    for line in reversed(lines):
        part = line.id.removeprefix(f"{record.id}/")
        if line.unit == "annotation":  # they follow the text they are of
            moved[part] = msgspec.json.decode(line.detail, type=list[Span])
            continue
        edits = msgspec.json.decode(line.detail, type=list[Edit])
        record = edited(record, part, inverse(edits), piece_join)
        record = _put_back(record, moved, piece_join) if moved else record
        moved = {}
    return record


def _put_back(record: Record, moved: Mapping[str, list[Span]], piece_join: str) -> Record:
    text, context = record.text or "", record.context or ""

    def said(spans: list[Span]) -> str:
        return piece_join.join(text[span.start : span.end] for span in spans)

    entities = [
        msgspec.structs.replace(one, spans=moved[one.id], text=said(moved[one.id]))
        if one.id in moved
        else one
        for one in record.entities or []
    ]
    events = [
        msgspec.structs.replace(one, trigger=Trigger(spans=moved[one.id], text=said(moved[one.id])))
        if one.id in moved
        else one
        for one in record.events or []
    ]
    passages, answers = list(record.passages or []), list(record.answers or [])
    for part, spans in moved.items():
        name, _, number = part.partition(".")
        (start, end), at = (spans[0].start, spans[0].end), int(number) if number.isdigit() else -1
        if name == "passages":
            passages[at] = Passage(passages[at].type, start, end)
        if name == "answers":
            answers[at] = Answer(text=context[start:end], start=start, end=end)
    return msgspec.structs.replace(
        record,
        entities=entities if record.entities is not None else None,
        events=events if record.events is not None else None,
        passages=passages if record.passages is not None else None,
        answers=answers if record.answers is not None else None,
    )
