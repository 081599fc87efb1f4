"""Repairs and masks of whole records: every text of a record, offsets carried, each change a line of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from taiyi_corpus.curate import privacy, repair
from taiyi_corpus.curate.edits import Edit, apply, carry, carry_context
from taiyi_corpus.ledger import Drop
from taiyi_corpus.schema.record import Answer, Choice, Record, Turn
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
                record = changed
                together = "\n".join(text for _, text in _texts(record))
                detail = msgspec.json.encode(edits).decode()
                if name == "masked":  # the ledger does not say what was masked
                    detail = f"{len(edits)}: {', '.join(sorted({edit.new for edit in edits}))}"
                lines.append(
                    Drop(
                        "curate",
                        "text",
                        record.dataset,
                        record.split,
                        f"{record.id}/{field}",
                        name,
                        detail,
                    )
                )
        mended.append(record)
    return mended, lines, spilled


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
        if field == "text":
            record = carry(record, edits, piece_join)
        elif field == "context":
            record = carry_context(record, edits)
        else:
            record = _replaced(record, field, apply(text, edits))
        yield field, edits, record


def _positioned(record: Record, field: str) -> bool:
    answer = (record.answers or [])[int(field.rpartition(".")[2])]
    return answer.start is not None


def _replaced(record: Record, field: str, text: str) -> Record:
    name, _, number = field.partition(".")
    if not number:
        return msgspec.structs.replace(record, **{name: text})
    items = list(getattr(record, name))
    at = int(number)
    if name == "answers":
        items[at] = Answer(text=text)
    elif name == "turns":
        items[at] = Turn(items[at].role, text)
    else:
        items[at] = Choice(items[at].key, text)
    return msgspec.structs.replace(record, **{name: items})
