"""Repairs and masks of whole records: every text of a record, offsets carried, each change a line of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from taiyi_corpus.curate import privacy, repair
from taiyi_corpus.curate.edits import Edit, apply
from taiyi_corpus.curate.restore import edited, lost
from taiyi_corpus.ledger import Drop, Unit
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Curation
from taiyi_corpus.spec.dataset import DatasetSpec

Spilled = list[tuple[int, str, str]]  # (row, reason, detail) of records that are dropped
Change = Callable[[str], list[Edit]]
_PLAIN = ("question", "rationale", "source", "target", "text_a", "text_b")


def mend(
    records: list[Record], spec: DatasetSpec, curation: Curation
) -> tuple[list[Record], list[Drop], Spilled]:
    """Return records repaired and masked, a ledger line for each text changed, and the records to drop."""
    steps: list[tuple[str, Change]] = [
        (f"repaired_{name}", change) for name, change in repair.chosen(curation.repair)
    ]
    patient = privacy.looked_at(spec, curation.privacy)
    spilled: Spilled = []
    if not steps and not patient:
        return records, [], spilled
    mended: list[Record] = []
    lines: list[Drop] = []
    for row, record in enumerate(records):
        # Most records are sound: all their texts together are looked at before each alone.
        together = "\n".join(text for _, text in _texts(record))
        mine = list(steps)
        if patient:
            if reason := _personal(record, curation):
                spilled.append((row, "personal_data", reason))
            if curation.privacy.mask:
                mine.append(("masked", _masker(curation, record.language)))
        for name, change in mine:
            if not change(together):
                continue
            for field, edits, changed in _changes(record, change, spec.piece_join):
                before, record = record, changed
                together = "\n".join(text for _, text in _texts(record))
                if name == "masked":  # the ledger does not say what was masked
                    detail = f"{len(edits)}: {', '.join(sorted({edit.new for edit in edits}))}"
                    lines.append(_line(record, "text", field, name, detail))
                    continue
                lines.append(
                    _line(record, "text", field, name, msgspec.json.encode(edits).decode())
                )
                for part, spans in lost(before, record, field, edits, spec.piece_join):
                    detail = msgspec.json.encode(spans).decode()
                    lines.append(_line(record, "annotation", part, name, detail))
        mended.append(record)
    return mended, lines, spilled


def _line(record: Record, unit: Unit, part: str, reason: str, detail: str) -> Drop:
    id_ = f"{record.id}/{part}"
    return Drop("curate", unit, record.dataset, record.split, id_, reason, detail)


def _personal(record: Record, curation: Curation) -> str | None:
    if not curation.privacy.drop:
        return None
    for _, text in _texts(record):
        for kind, _, _ in privacy.found(text, curation.privacy.drop):
            return kind  # what it is, not what it says
    return None


def _masker(curation: Curation, language: str) -> Change:
    return lambda text: privacy.masked(text, curation.privacy.mask, language)


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every text of a record that has no offsets into it but `text` and `context`."""
    for name in ("text", "context", *_PLAIN):
        if (text := getattr(record, name)) is not None:
            yield name, text
    for number, answer in enumerate(record.answers or []):
        yield f"answers.{number}", answer.text
    for number, turn in enumerate(record.turns or []):
        yield f"turns.{number}", turn.text
    for number, choice in enumerate(record.choices or []):
        yield f"choices.{number}", choice.text


def _changes(
    record: Record, change: Change, piece_join: str
) -> Iterator[tuple[str, list[Edit], Record]]:
    """Yield (field, edits, record so far) of each text that changes."""
    for field, text in list(_texts(record)):
        if field.startswith("answers.") and _positioned(record, field):
            continue  # it follows its context
        edits = change(text)
        if not edits:
            continue
        if not apply(text, edits).strip():
            continue  # a text is not repaired into nothing: filters judge it as it is
        record = edited(record, field, edits, piece_join)
        yield field, edits, record


def _positioned(record: Record, field: str) -> bool:
    answer = (record.answers or [])[int(field.rpartition(".")[2])]
    return answer.start is not None
