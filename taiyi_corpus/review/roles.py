"""Roles that occur in records and that `labels` does not list: an answer could not name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from taiyi_corpus.errors import Fault, nearest
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import DatasetSpec

_Place = tuple[str, str, str]  # relations or events, type, role


def unlisted_roles(spec: DatasetSpec, found: Iterable[Record]) -> list[Fault]:
    """Return a fault for each role of a relation or event that its label does not list."""
    known = _listed(spec)
    seen: Counter[_Place] = Counter()
    for record in found:
        seen.update(place for place in _roles(record) if place[:2] in known)
    return [
        Fault(
            f"{spec.id}: labels.{part}.{type_}.{'args' if part == 'relations' else 'roles'}",
            f"the role {role!r}, which occurs in the records",
            f"none of that name, {count:,} times",
            nearest(role, sorted(known[part, type_])),
        )
        for (part, type_, role), count in sorted(seen.items())
        if role not in known[part, type_]
    ]


def _listed(spec: DatasetSpec) -> dict[tuple[str, str], set[str]]:
    # A relation without `args` is asked for with whatever roles it has.
    labels = spec.labels
    listed = {("relations", name): set(r.args) for name, r in labels.relations.items() if r.args}
    return listed | {("events", name): set(event.roles) for name, event in labels.events.items()}


def _roles(record: Record) -> Iterator[_Place]:
    for relation in record.relations or []:
        yield from {("relations", relation.type, arg.role) for arg in relation.args}
    for event in record.events or []:
        yield from {("events", event.type, arg.role) for arg in event.args}
