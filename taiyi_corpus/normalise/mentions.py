"""From raw annotations to the mentions of a record, and the span invariant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.links import db_paths, links_reader
from taiyi_corpus.normalise.paths import Getter, getter, text_getter, text_of, value_paths
from taiyi_corpus.schema.record import Concept, Entity, Event, Relation, Span
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import EntitiesMap, Value


@dataclass(slots=True)
class Draft:
    """The annotation of one record while it is made."""

    text: str
    piece_join: str
    faults: FaultBook
    entities: dict[str, Entity] | None = None
    concepts: dict[str, Concept] = field(default_factory=dict)
    relations: list[Relation] | None = None
    events: list[Event] | None = None
    left_out: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # (annotation id, reason, detail)
    gone: set[str] = field(default_factory=set)  # ids of annotations left out
    unpositioned: dict[tuple[str, str], str] = field(default_factory=dict)
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)

    def leave_out(self, id_: str, reason: str, detail: str) -> None:
        """Note an annotation that is not taken over."""
        self.left_out.append((id_, reason, detail))
        self.gone.add(id_)


def elements(row: Any, each: Getter, what: str) -> list[Any] | None:
    """Return the list a mapping's `each` names; None where the source has none."""
    found = each(row)
    if found is None:
        return None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise RecordFault("row_malformed", f"wanted a list of {what}, found {type(found).__name__}")
    return found


def spans_of(pairs: Any) -> list[Span]:
    """Return spans from [[start, end], ...]."""
    try:
        return [Span(int(start), int(end)) for start, end in pairs]
    except (TypeError, ValueError):
        raise RecordFault(
            "row_malformed", f"wanted spans [[start, end], ...], found {pairs!r}"
        ) from None


def entity_maker(spec: EntitiesMap, labels: Labels) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's entities from a row."""
    each, type_of = getter(spec.each), text_getter(spec.type)
    get_id = getter(spec.id) if spec.id else None
    get_text = getter(spec.text) if spec.text else None
    get_spans = getter(spec.spans) if spec.spans else None
    get_start = getter(spec.start) if spec.start else None
    get_end = getter(spec.end) if spec.end else None
    get_part = getter(spec.part_of) if spec.part_of else None
    links = links_reader(spec.links) if spec.links else None
    shift = 1 if spec.ends == "inclusive" else 0
    paths = [spec.id, spec.text, spec.spans, spec.start, spec.end, spec.part_of]
    paths += [spec.links.path, *db_paths(spec.links.db)] if spec.links else []
    rest_of = rest_reader(spec.each, paths, spec.type)
    known, skip = labels.entities, frozenset(spec.skip)

    def place(item: Any) -> list[Span] | None:
        if get_spans is not None:
            pairs = get_spans(item)
            return None if pairs is None else spans_of(pairs)
        if get_start is None or get_end is None:
            return None
        start, end = get_start(item), get_end(item)
        return None if start is None or end is None else spans_of([[start, int(end) + shift]])

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "entities")
        if items is None:
            return
        draft.entities = {}
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"T{number}"
            type_ = (type_of(item) or "").strip()
            type_ = spec.rename.get(type_, type_)
            if type_ in skip:
                draft.leave_out(id_, "type_skipped", type_)
                continue
            if (
                known
                and type_ not in known
                and meet(draft, id_, "type_unknown", f"entity type {type_!r}")
            ):
                continue
            raw = get_text(item) if get_text else None
            spans = place(item)
            text = raw if isinstance(raw, str) else text_of(raw)
            entity = checked(draft, id_, type_, spans, text)
            if entity is None:
                continue
            if id_ in draft.entities and meet(draft, id_, "id_repeated", f"entity id {id_!r}"):
                continue
            draft.entities[id_] = Entity(
                id=id_,
                type=type_,
                spans=entity.spans,
                text=entity.text,
                links=links(item) if links else None,
                part_of=text_of(get_part(item)) if get_part else None,
            )
            if entity.spans is None:
                # A relation that names the same string means this mention.
                draft.unpositioned.setdefault((type_, entity.text), id_)
            if rest := rest_of(item):
                draft.extra.setdefault("entities", {}).setdefault(id_, {}).update(rest)

    return make


def rest_reader(
    each: str, paths: Sequence[str | None], type_: Value
) -> Callable[[Any], dict[str, Any]]:
    """Return a function that gives what an annotation carries besides what the mapping names.

    Of a nested object that a path leads into, what no path names is left, without what only repeats the type. An
    annotation that is the row itself has nothing besides: the row's own rest goes to the record's.
    """
    if each == ".":
        return lambda item: {}
    whole = {path for path in (*paths, *value_paths(type_)) if path}
    inside: dict[str, set[str]] = {}
    for path in whole:
        head, *rest = path.split(".")
        inside.setdefault(head, set()).update(rest[:1])
    get_type = text_getter(type_)

    def read(item: Any) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        for key, value in item.items() if isinstance(item, dict) else ():
            if key in whole or (key in inside and not isinstance(value, dict)):
                continue
            if isinstance(value, dict):
                said = get_type(item)
                value = {
                    k: v for k, v in value.items() if k not in inside.get(key, ()) and v != said
                }
            if value not in (None, "", [], {}):
                rest[key] = value
        return rest

    return read


def meet(draft: Draft, id_: str, code: str, detail: str) -> bool:
    """Meet a fault that can only be resolved by leaving the annotation out; return True."""
    draft.faults.meet(code, detail)
    draft.leave_out(id_, code, detail)
    return True


def checked(
    draft: Draft, id_: str, type_: str, spans: list[Span] | None, text: str | None
) -> Entity | None:
    """Return the mention if it keeps the span invariant or its fault is resolved; None if it is left out."""
    if spans is None:
        if not text or text.isspace():
            meet(draft, id_, "span_empty", "an unpositioned mention without text")
            return None
        return Entity(id=id_, type=type_, spans=None, text=text)
    limit = len(draft.text)
    if any(span.start < 0 or span.end > limit for span in spans):
        code, detail = "span_out_of_text", f"{pairs(spans)} in a text of {limit} characters"
    elif any(span.start >= span.end for span in spans):
        code, detail = "span_empty", f"{pairs(spans)}"
    else:
        cut = draft.piece_join.join(draft.text[span.start : span.end] for span in spans)
        if text is None or cut == text:
            return Entity(id=id_, type=type_, spans=spans, text=cut)
        code, detail = (
            "span_mismatch",
            f"{pairs(spans)} reads {cut!r}, the annotation says {text!r}",
        )
        how = draft.faults.meet(code, detail)
        if how == "offsets":
            draft.extra.setdefault("entities", {}).setdefault(id_, {})["text_in_source"] = text
            return Entity(id=id_, type=type_, spans=spans, text=cut)
        if how == "text":
            draft.extra.setdefault("entities", {}).setdefault(id_, {})["spans_in_source"] = pairs(
                spans
            )
            return Entity(id=id_, type=type_, spans=None, text=text)
        draft.leave_out(id_, code, detail)
        return None
    if draft.faults.meet(code, detail) == "text" and text:
        return Entity(id=id_, type=type_, spans=None, text=text)
    draft.leave_out(id_, code, detail)
    return None


def pairs(spans: list[Span]) -> list[list[int]]:
    """Return spans as plain pairs."""
    return [[span.start, span.end] for span in spans]
