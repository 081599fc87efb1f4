"""The annotation of one record while it is made, and what is left out of it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from taiyi_corpus.normalise.faults import FaultBook
from taiyi_corpus.schema.record import (
    Attribute,
    Concept,
    Coreference,
    Entity,
    Event,
    Group,
    Passage,
    Relation,
)

LeftOut = list[tuple[str, str, str]]  # (annotation id, reason, detail)


class Draft(Struct, gc=False):
    """The annotation of one record while it is made; a part that is None is not annotated."""

    text: str
    piece_join: str
    faults: FaultBook
    passages: list[Passage] | None = None
    entities: dict[str, Entity] | None = None
    concepts: dict[tuple[str, str], Concept] = {}
    relations: list[Relation] | None = None
    events: list[Event] | None = None
    coreferences: list[Coreference] | None = None
    groups: list[Group] | None = None
    attributes: list[Attribute] | None = None
    left_out: LeftOut = []
    gone: set[str] = set()  # ids of annotations left out
    unpositioned: dict[tuple[str, str], str] = {}
    extra: dict[str, dict[str, Any]] = {}

    def leave_out(self, id_: str, reason: str, detail: str) -> None:
        """Note an annotation that is not taken over."""
        self.left_out.append((id_, reason, detail))
        self.gone.add(id_)

    def meet(self, id_: str, code: str, detail: str) -> None:
        """Meet a fault that can only be resolved by leaving the annotation out.

        Raises:
            RecordFault: the dataset does not declare this fault, so the whole record goes.
        """
        self.faults.meet(code, detail)
        self.leave_out(id_, code, detail)

    def keep(self, part: str, id_: str, rest: dict[str, Any]) -> None:
        """Keep for `extra` what an annotation carries besides."""
        if rest:
            self.extra.setdefault(part, {}).setdefault(id_, {}).update(rest)
