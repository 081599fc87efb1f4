"""What must be true of every record, checked where it is made.

The span invariant is checked with each mention (mentions.py). Here: ids are unique, references resolve, the answer
is among the choices, turns alternate, texts are there.
"""

from __future__ import annotations

import itertools

from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.mentions import Draft, meet
from taiyi_corpus.schema.record import Concept, Coreference, Event, Record, Relation


def drop_dangling(draft: Draft, coreferences: list[Coreference] | None) -> list[Coreference] | None:
    """Leave out what refers to an annotation that was left out; a reference to nothing at all is a fault.

    Returns:
        the coreference sets that stay; relations and events of the draft are changed in place.
    """
    ids = _ids(draft)
    changed = True
    while changed:  # an event may refer to an event that goes
        relations = (
            None
            if draft.relations is None
            else [r for r in draft.relations if _stays(draft, r, ids)]
        )
        events = (
            None if draft.events is None else [e for e in draft.events if _stays(draft, e, ids)]
        )
        changed = relations != draft.relations or events != draft.events
        draft.relations, draft.events = relations, events
    if coreferences is None:
        return None
    staying = []
    for coreference in coreferences:
        refs = [ref for ref in coreference.refs if _resolves(draft, coreference.id, ref, ids)]
        if len(refs) > 1:
            staying.append(Coreference(id=coreference.id, refs=refs))
    return staying


def _ids(draft: Draft) -> set[str]:
    ids = set(draft.entities or {})
    annotations: list[Concept | Relation | Event] = list(draft.concepts.values())
    annotations += [*(draft.relations or []), *(draft.events or [])]
    for annotation in annotations:
        if annotation.id in ids:
            draft.faults.counts["id_repeated"] += 1
            raise RecordFault("id_repeated", f"annotation id {annotation.id!r}")
        ids.add(annotation.id)
    return ids


def _stays(draft: Draft, annotation: Relation | Event, ids: set[str]) -> bool:
    bad = next((arg for arg in annotation.args if arg.ref is not None and arg.ref not in ids), None)
    if bad is None:
        return True
    detail = f"{annotation.type}: {bad.role} refers to {bad.ref!r}"
    if bad.ref in draft.gone:
        draft.leave_out(annotation.id, "ref_left_out", detail)
    else:
        meet(draft, annotation.id, "ref_dangling", detail)
    ids.discard(annotation.id)
    return False


def _resolves(draft: Draft, id_: str, ref: str, ids: set[str]) -> bool:
    if ref in ids:
        return True
    if ref in draft.gone:
        draft.leave_out(f"{id_}.{ref}", "ref_left_out", f"refers to {ref!r}")
    else:
        meet(draft, f"{id_}.{ref}", "ref_dangling", f"refers to {ref!r}")
    return False


def check_content(record: Record, faults: FaultBook) -> None:
    """Check choices, answers, turns and texts.

    Raises:
        RecordFault: the first fault found.
    """
    for code, detail in _content_faults(record):
        faults.counts[code] += 1
        raise RecordFault(code, detail)


def _content_faults(record: Record) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if record.choices is not None:
        texts = [choice.text for choice in record.choices]
        if len(set(texts)) < len(texts):
            found.append(("choice_repeated", f"options {texts!r}"))
        if any(not text.strip() for text in texts):
            found.append(("choice_empty", f"options {texts!r}"))
        found += [
            ("answer_not_in_choices", f"answer {answer.text!r}, options {texts!r}")
            for answer in record.answers or []
            if answer.text not in texts
        ]
    if record.turns is not None:
        if not record.turns:
            found.append(("turns_empty", "a dialogue without a turn"))
        roles = [turn.role for turn in record.turns]
        if any(a == b for a, b in itertools.pairwise(roles)):
            found.append(("turns_not_alternating", f"roles {roles!r}"))
    return found
