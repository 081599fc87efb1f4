"""What must be true of every record, checked where it is made.

The span invariant is checked with each mention (mentions.py). Here: ids are unique, references resolve, the answer
is among the choices, turns alternate.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from taiyi_corpus.normalise.draft import Draft
from taiyi_corpus.normalise.faults import RecordFault
from taiyi_corpus.schema.record import Event, Record, Relation


def resolve(draft: Draft) -> None:
    """Leave out, in place, what refers to an annotation that was left out.

    Raises:
        RecordFault: an id occurs twice, or a reference names nothing at all, and the dataset does not declare that.
    """
    ids = _Ids(draft, _drop_repeated(draft))
    changed = True
    while changed:  # an event may refer to an event that goes
        relations = [r for r in draft.relations or [] if ids.all_known(r)]
        events = [e for e in draft.events or [] if ids.all_known(e)]
        changed = len(relations) < len(draft.relations or []) or len(events) < len(
            draft.events or []
        )
        draft.relations = None if draft.relations is None else relations
        draft.events = None if draft.events is None else events
    _resolve_parts(draft, ids)
    _resolve_sets(draft, ids)
    if draft.attributes is not None:
        draft.attributes = [a for a in draft.attributes if ids.known(a.id, a.ref, a.name)]


def _drop_repeated(draft: Draft) -> set[str]:
    """Leave out relations and events whose id is taken; return the ids of all annotations that stay."""
    taken = {*(draft.entities or {}), *(concept.id for concept in draft.concepts.values())}

    def first(annotation: Relation | Event) -> bool:
        if annotation.id in taken:
            draft.meet(annotation.id, "id_repeated", f"annotation id {annotation.id!r}")
            return False
        taken.add(annotation.id)
        return True

    if draft.relations is not None:
        draft.relations = [relation for relation in draft.relations if first(relation)]
    if draft.events is not None:
        draft.events = [event for event in draft.events if first(event)]
    return taken


class _Ids:
    """The ids of a draft's annotations, to look references up in."""

    def __init__(self, draft: Draft, ids: set[str]) -> None:
        self._draft, self._ids = draft, ids

    def known(self, id_: str, ref: str, what: str) -> bool:
        """Return whether a reference resolves; if not, annotation `id_` is left out."""
        if ref in self._ids:
            return True
        detail = f"{what} refers to {ref!r}"
        if ref in self._draft.gone:
            self._draft.leave_out(id_, "ref_left_out", detail)
        else:
            self._draft.meet(id_, "ref_dangling", detail)
        return False

    def all_known(self, annotation: Relation | Event) -> bool:
        """Return whether all arguments resolve; if not, the relation or event is left out."""
        for arg in annotation.args:
            if arg.ref is None or arg.ref in self._ids:
                continue
            self.known(annotation.id, arg.ref, f"{annotation.type}: {arg.role}")
            self._ids.discard(annotation.id)
            return False
        return True


def _resolve_parts(draft: Draft, ids: _Ids) -> None:
    for id_, entity in (draft.entities or {}).items():
        whole = entity.part_of
        if whole is not None and not ids.known(f"{id_}.part_of", whole, "part_of"):
            assert draft.entities is not None
            draft.entities[id_] = msgspec.structs.replace(entity, part_of=None)


def _resolve_sets(draft: Draft, ids: _Ids) -> None:
    """Take out of each set what was left out; a set with less than two of its members left goes."""

    def left(id_: str, refs: list[str], what: str) -> list[str] | None:
        staying = [ref for ref in refs if ids.known(f"{id_}.{ref}", ref, what)]
        if len(staying) < len(refs) and len(staying) < 2:
            draft.leave_out(id_, "ref_left_out", f"{what} with {len(staying)} of {len(refs)} left")
            return None
        return staying

    if draft.coreferences is not None:
        draft.coreferences = [
            msgspec.structs.replace(c, refs=refs)
            for c in draft.coreferences
            if (refs := left(c.id, c.refs, "a coreference set")) is not None
        ]
    if draft.groups is not None:
        draft.groups = [
            msgspec.structs.replace(g, refs=refs)
            for number, g in enumerate(draft.groups, 1)
            if (refs := left(f"group{number}", g.refs, g.kind)) is not None
        ]


def check_content(record: Record) -> None:
    """Check choices, answers and turns.

    Raises:
        RecordFault: the first fault found.
    """
    if record.choices is None and record.turns is None:  # as in all annotated documents
        return
    for code, detail in itertools.chain(_question_faults(record), _dialogue_faults(record)):
        raise RecordFault(code, detail)


def _question_faults(record: Record) -> Iterator[tuple[str, str]]:
    if record.choices is None:
        return
    texts = [choice.text for choice in record.choices]
    if len(set(texts)) < len(texts):
        yield "choice_repeated", f"options {texts!r}"
    if any(not text.strip() for text in texts):
        yield "choice_empty", f"options {texts!r}"
    for answer in record.answers or []:
        if answer.text not in texts:
            yield "answer_not_in_choices", f"answer {answer.text!r}, options {texts!r}"


def _dialogue_faults(record: Record) -> Iterator[tuple[str, str]]:
    if record.turns is None:
        return
    if not record.turns:
        yield "turns_empty", "a dialogue without a turn"
    roles = [turn.role for turn in record.turns]
    if any(a == b for a, b in itertools.pairwise(roles)):
        yield "turns_not_alternating", f"roles {roles!r}"
