"""From raw annotations to the relations and events of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from taiyi_corpus.normalise.links import db_paths, linker
from taiyi_corpus.normalise.mentions import Draft, checked, elements, meet, rest_reader, spans_of
from taiyi_corpus.normalise.paths import getter, text_getter, text_of, value_paths
from taiyi_corpus.schema.record import Argument, Concept, Entity, Event, Link, Relation, Trigger
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import ArgMap, EventsMap, RelationsMap

ArgReader = Callable[[Any, Draft], Iterator[Argument]]


def arg_reader(spec: str | dict[str, ArgMap], rename: Callable[[str], str]) -> ArgReader:
    """Return a function that yields the arguments of one relation or event."""
    if isinstance(spec, str):
        get = getter(spec)

        def listed(item: Any, draft: Draft) -> Iterator[Argument]:
            for arg in get(item) or []:
                role = rename(arg["role"])
                if arg.get("ref") is not None:
                    yield Argument(role=role, ref=str(arg["ref"]))
                elif (text := text_of(arg.get("text"))) is not None:
                    yield Argument(role=role, text=text)

        return listed
    readers = [_one_role(role, arg) for role, arg in spec.items()]
    return lambda item, draft: (argument for read in readers for argument in read(item, draft))


def arg_paths(spec: str | dict[str, ArgMap]) -> set[str]:
    """Return the paths that the arguments of a relation or event are read from."""
    if isinstance(spec, str):
        return {spec}
    types = {path for arg in spec.values() for path in value_paths(arg.type)}
    types |= {path for arg in spec.values() for path in db_paths(arg.db)}
    return types | {
        path for arg in spec.values() for path in (arg.ref, arg.text, arg.concept) if path
    }


def _one_role(role: str, spec: ArgMap) -> ArgReader:
    get = getter(spec.ref or spec.text or spec.concept or ".")
    get_type = text_getter(spec.type) if spec.type is not None else None
    link = linker(spec.db, spec.prefixes)

    def read(item: Any, draft: Draft) -> Iterator[Argument]:
        found = get(item)
        for value in found if isinstance(found, list) else [found]:
            text = text_of(value)
            if text is None:
                continue
            if spec.ref:
                yield Argument(role=role, ref=text)
            elif spec.concept:
                type_ = (get_type(item) if get_type else None) or role
                yield Argument(
                    role=role, ref=_concept(draft, type_, text, link(text.strip(), item))
                )
            elif get_type is None:
                yield Argument(role=role, text=text)
            else:
                yield Argument(role=role, ref=_mention(draft, get_type(item) or "", text))

    return read


def _mention(draft: Draft, type_: str, text: str) -> str:
    # The source names a mention without saying where it stands: once for each (type, string), never placed.
    key = (type_, text)
    if key not in draft.unpositioned:
        draft.entities = {} if draft.entities is None else draft.entities
        id_ = f"T{len(draft.entities) + 1}"
        draft.entities[id_] = Entity(id=id_, type=type_, spans=None, text=text)
        draft.unpositioned[key] = id_
    return draft.unpositioned[key]


def _concept(draft: Draft, type_: str, id_: str, link: Link) -> str:
    if id_ not in draft.concepts:
        draft.concepts[id_] = Concept(id=f"C:{id_}", type=type_, links=[link])
    return draft.concepts[id_].id


def relation_maker(spec: RelationsMap, labels: Labels) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's relations from a row."""
    each, type_of = getter(spec.each), text_getter(spec.type)
    get_id = getter(spec.id) if spec.id else None
    read_args = arg_reader(spec.args, lambda role: spec.roles.get(role, role))
    rest_of = rest_reader(spec.each, [spec.id, *arg_paths(spec.args)], spec.type)
    known, skip = labels.relations, frozenset(spec.skip)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "relations")
        if items is None:
            return
        draft.relations = []
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"R{number}"
            type_ = (type_of(item) or "").strip()
            type_ = spec.rename.get(type_, type_)
            if type_ in skip:
                draft.leave_out(id_, "type_skipped", type_)
                continue
            if (
                known
                and type_ not in known
                and meet(draft, id_, "type_unknown", f"relation type {type_!r}")
            ):
                continue
            draft.relations.append(Relation(id=id_, type=type_, args=list(read_args(item, draft))))
            if rest := rest_of(item):
                draft.extra.setdefault("relations", {})[id_] = rest

    return make


_DIGITS = re.compile(r"\d+$")


def event_maker(spec: EventsMap, labels: Labels) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's events from a row."""
    each, type_of = getter(spec.each), text_getter(spec.type)
    get_id = getter(spec.id) if spec.id else None
    get_trigger = getter(spec.trigger) if spec.trigger else None
    get_trigger_text = getter(spec.trigger_text) if spec.trigger_text else None
    rename = (lambda role: role) if spec.number_roles else (lambda role: _DIGITS.sub("", role))
    read_args = arg_reader(spec.args, rename)
    paths = [spec.id, spec.trigger, spec.trigger_text, *arg_paths(spec.args)]
    rest_of = rest_reader(spec.each, paths, spec.type)
    known, skip = labels.events, frozenset(spec.skip)

    def trigger_of(item: Any, id_: str, type_: str, draft: Draft) -> Trigger | None:
        if get_trigger_text is not None:
            text = text_of(get_trigger_text(item))
            return Trigger(text=text) if text else None
        raw = get_trigger(item) if get_trigger else None
        if raw is None:
            return None
        spans = spans_of(raw["spans"]) if raw.get("spans") is not None else None
        mention = checked(draft, f"{id_}.trigger", type_, spans, raw.get("text"))
        return None if mention is None else Trigger(spans=mention.spans, text=mention.text)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "events")
        if items is None:
            return
        draft.events = []
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"E{number}"
            type_ = (type_of(item) or "").strip()
            type_ = spec.rename.get(type_, type_)
            if type_ in skip:
                draft.leave_out(id_, "type_skipped", type_)
                continue
            if (
                known
                and type_ not in known
                and meet(draft, id_, "type_unknown", f"event type {type_!r}")
            ):
                continue
            trigger = trigger_of(item, id_, type_, draft)
            args = list(read_args(item, draft))
            draft.events.append(Event(id=id_, type=type_, trigger=trigger, args=args))
            if rest := rest_of(item):
                draft.extra.setdefault("events", {})[id_] = rest

    return make
