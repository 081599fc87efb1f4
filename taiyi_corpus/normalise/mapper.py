"""A mapping, compiled: raw row -> record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from taiyi_corpus.normalise.content import (
    answers_reader,
    choices_reader,
    labels_reader,
    turns_reader,
)
from taiyi_corpus.normalise.defaults import full_map
from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.invariants import check_content, drop_dangling
from taiyi_corpus.normalise.mentions import Draft, entity_maker
from taiyi_corpus.normalise.paths import getter, heads, text_getter, text_of
from taiyi_corpus.normalise.relations import event_maker, relation_maker
from taiyi_corpus.schema.record import Attribute, Coreference, Group, Passage, Record, Split
from taiyi_corpus.spec.dataset import DatasetSpec, Variant
from taiyi_corpus.spec.mapping import RecordMap, Value

LeftOut = list[tuple[str, str, str]]
_TEXTS = ("text_a", "text_b", "question", "context", "rationale", "source", "target",
          "source_language", "target_language")  # fmt: skip


class Mapper:
    """Makes records of one dataset from raw rows."""

    def __init__(
        self, spec: DatasetSpec, form: DatasetSpec | Variant, origin: Literal["raw", "sample"]
    ) -> None:
        self.spec, self.origin = spec, origin
        self.map = full_map(form.reader.format, form.map)
        m = self.map
        self._id = text_getter(m.id) if m.id is not None else None
        self._documents = [
            (d.ns, text_getter(d.id), re.compile(d.match) if d.match else None) for d in m.documents
        ]
        self._group = text_getter(m.group) if m.group is not None else None
        self._text = text_getter(m.text) if m.text is not None else None
        self._texts = {
            name: text_getter(v) for name in _TEXTS if (v := getattr(m, name)) is not None
        }
        makers: list[Callable[[Any, Draft], None]] = []
        if m.entities:
            makers.append(entity_maker(m.entities, spec.labels))
        if m.relations:
            makers.append(relation_maker(m.relations, spec.labels))
        if m.events:
            makers.append(event_maker(m.events, spec.labels))
        self._makers = makers
        self._labels = labels_reader(m.labels, spec.labels) if m.labels else None
        self._choices = choices_reader(m.choices) if m.choices else None
        self._answers = answers_reader(m.answers) if m.answers else None
        self._turns = turns_reader(m.turns) if m.turns else None
        self._named = _named(m)

    def key(self, data: dict[str, Any], file_key: str | None, position: int) -> str:
        """Return the record's key in its split: the source's own, else the position (from 0)."""
        own = self._id(data) if self._id is not None else file_key
        return own.strip() if own and own.strip() else str(position)

    def record(self, data: dict[str, Any], key: str, split: Split, subset: str | None,
               faults: FaultBook) -> tuple[Record, LeftOut]:  # fmt: skip
        """Return the record of a row and the annotations left out of it.

        Raises:
            RecordFault: the row gives no valid record.
        """
        m, spec = self.map, self.spec
        text = self._text(data) if self._text is not None else None
        if self._text is not None and text is None:
            faults.counts["text_empty"] += 1
            raise RecordFault("text_empty", "a document without text")
        draft = Draft(text=text or "", piece_join=spec.piece_join, faults=faults)
        for make in self._makers:
            make(data, draft)
        sets = getter(m.coreferences.each)(data) if m.coreferences else None
        coreferences = drop_dangling(draft, _coreferences(sets))
        choices = self._choices(data) if self._choices is not None else None
        ns, document_id = self._document(data)
        parts = {name: get(data) for name, get in self._texts.items()}
        record = Record(
            id=f"{spec.id}/{split}/{key}",
            dataset=spec.id,
            split=split,
            subset=subset,
            language=spec.language,
            document_ns=ns,
            document_id=document_id,
            group=self._group(data) if self._group is not None else None,
            origin=self.origin,
            license=spec.license.name,
            text=text,
            passages=_passages(getter(m.passages)(data)) if m.passages else None,
            entities=None if draft.entities is None else list(draft.entities.values()),
            concepts=list(draft.concepts.values()) or None,
            # A format's empty place for what a dataset does not annotate is not gold that says "none".
            relations=draft.relations if draft.relations or spec.labels.relations else None,
            events=draft.events if draft.events or spec.labels.events else None,
            coreferences=coreferences if coreferences or "coref" in spec.tasks else None,
            groups=_groups(getter(m.groups.each)(data), draft) or None if m.groups else None,
            attributes=_attributes(getter(m.attributes.each)(data), draft) or None
            if m.attributes
            else None,
            labels=self._labels(data, faults) if self._labels is not None else None,
            score=_score(getter(m.score)(data)) if m.score else None,
            choices=choices,
            answers=self._answers(data, choices, faults) if self._answers is not None else None,
            turns=self._turns(data) if self._turns is not None else None,
            target_struct=_json(getter(m.target_struct)(data)) if m.target_struct else None,
            extra=self._extra(data, draft),
            **parts,  # type: ignore[arg-type]
        )
        check_content(record, faults)
        return record, draft.left_out

    def _document(self, data: dict[str, Any]) -> tuple[str | None, str | None]:
        for ns, get, match in self._documents:
            raw = get(data)
            if raw is None:
                continue
            if match is None:
                return ns, raw.strip()
            if found := match.search(raw):
                return ns, found.group(1)
        return None, None

    def _extra(self, data: dict[str, Any], draft: Draft) -> str | None:
        rest: dict[str, Any] = {
            key: value
            for key, value in data.items()
            if key not in self._named and value not in (None, "", [], {})
        }
        for part, by_id in draft.extra.items():
            rest[f"{part}_extra"] = by_id
        return _json(rest or None)


def _named(m: RecordMap) -> set[str]:
    """Return the top-level keys of a row that a mapping reads or drops."""
    named = set(m.drop)
    values: list[Value | None] = [getattr(m, name) for name in _TEXTS]
    values += [m.id, m.text, m.group, m.score, m.passages, m.target_struct]
    values += [d.id for d in m.documents]
    for part in (
        m.entities,
        m.relations,
        m.events,
        m.coreferences,
        m.groups,
        m.attributes,
        m.turns,
    ):
        if part is not None:
            values.append(part.each)
    if m.labels:
        values.append(m.labels.path)
    if m.choices:
        values += [m.choices.path, *m.choices.columns]
    if m.answers:
        values += [m.answers.key, m.answers.index, m.answers.text, m.answers.start, m.answers.end]
    return named.union(*(heads(value) for value in values))


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _score(value: Any) -> float | None:
    text = text_of(value)
    try:
        return None if text is None else float(text)
    except ValueError:
        raise RecordFault("row_malformed", f"wanted a number as score, found {text!r}") from None


def _passages(items: Any) -> list[Passage] | None:
    return (
        None
        if items is None
        else [Passage(str(p["type"]), int(p["start"]), int(p["end"])) for p in items]
    )


def _coreferences(sets: Any) -> list[Coreference] | None:
    if sets is None:
        return None
    return [
        Coreference(id=f"S{n}", refs=[str(ref) for ref in refs]) for n, refs in enumerate(sets, 1)
    ]


def _groups(items: Any, draft: Draft) -> list[Group] | None:
    if items is None:
        return None
    return [
        Group(kind=str(g["kind"]), refs=[str(r) for r in g["refs"] if str(r) not in draft.gone])
        for g in items
    ]


def _attributes(items: Any, draft: Draft) -> list[Attribute] | None:
    if items is None:
        return None
    made = []
    for number, a in enumerate(items, 1):
        if str(a["ref"]) in draft.gone:
            draft.leave_out(
                str(a.get("id") or f"A{number}"), "ref_left_out", f"attribute of {a['ref']!r}"
            )
            continue
        id_ = str(a.get("id") or f"A{number}")
        made.append(
            Attribute(id=id_, ref=str(a["ref"]), name=str(a["name"]), value=text_of(a.get("value")))
        )
    return made
