"""From raw annotations to the relations and events of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from taiyi_corpus.normalise.annotations import (
    elements,
    member,
    rest_reader,
    spans_of,
    type_reader,
)
from taiyi_corpus.normalise.draft import Draft
from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.links import db_paths, linker
from taiyi_corpus.normalise.mentions import checked
from taiyi_corpus.normalise.paths import Getter, getter, text_getter, text_of, value_paths
from taiyi_corpus.schema.record import Argument, Concept, Entity, Event, Link, Relation, Trigger
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import ArgMap, EventsMap, Match, RelationsMap

ArgReader = Callable[[Any, Draft], list[Argument]]
Args = str | dict[str, ArgMap]


def arg_reader(spec: Args, rename: Callable[[str], str], labels: Labels) -> ArgReader:
    """Return a function that gives the arguments of one relation or event."""
    if isinstance(spec, str):
        get = getter(spec)

        def listed(item: Any, draft: Draft) -> list[Argument]:
            found = get(item)
            if found is not None and not isinstance(found, list):
                raise malformed("a list of arguments", found)
            args = []
            for arg in found or []:
                role = rename(str(member(arg, "role", "an argument")))
                if (ref := arg.get("ref")) is not None:
                    args.append(Argument(role=role, ref=str(ref)))
                elif (text := text_of(arg.get("text"))) is not None:
                    args.append(Argument(role=role, text=text))
            return args

        return listed
    readers = [_one_role(role, arg, labels) for role, arg in spec.items()]
    return lambda item, draft: [arg for read in readers for arg in read(item, draft)]


def arg_paths(spec: Args) -> list[str]:
    """Return the paths that the arguments of a relation or event are read from."""
    if isinstance(spec, str):
        return [spec]
    types = [path for arg in spec.values() for path in value_paths(arg.type)]
    types += [path for arg in spec.values() for path in db_paths(arg.db)]
    return types + [
        path
        for arg in spec.values()
        for path in (*value_paths(arg.ref), arg.text, arg.concept)
        if path
    ]


def _one_role(
    role: str, spec: ArgMap, labels: Labels
) -> Callable[[Any, Draft], Iterator[Argument]]:
    if isinstance(spec.ref, Match):
        get: Getter = text_getter(spec.ref)
    else:
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
                yield Argument(role=role, ref=_mention(draft, get_type(item) or "", text, labels))

    return read


def _mention(draft: Draft, type_: str, text: str, labels: Labels) -> str:
    # The source names a mention without saying where it stands: once for each (type, string), never placed.
    key = (type_, text)
    if key in draft.unpositioned:
        return draft.unpositioned[key]
    draft.entities = {} if draft.entities is None else draft.entities
    number = len(draft.entities) + 1
    while (id_ := f"T{number}") in draft.entities or id_ in draft.gone:
        number += 1
    draft.unpositioned[key] = id_
    if labels.entities and type_ not in labels.entities:
        draft.meet(id_, "type_unknown", f"entity type {type_!r} of {text!r}")
    else:
        draft.entities[id_] = Entity(id=id_, type=type_, spans=None, text=text)
    return id_


def _concept(draft: Draft, type_: str, raw: str, link: Link) -> str:
    key = (link.db, raw)
    if key not in draft.concepts:
        taken = any(known == raw for _, known in draft.concepts)
        id_ = f"C:{link.db}:{raw}" if taken else f"C:{raw}"
        draft.concepts[key] = Concept(id=id_, type=type_, links=[link])
    return draft.concepts[key].id


def relation_paths(spec: RelationsMap) -> list[str]:
    """Return the paths that a relation is read from, but for its list."""
    return [path for path in (spec.id, *arg_paths(spec.args), *value_paths(spec.type)) if path]


def relation_maker(
    spec: RelationsMap, labels: Labels, drop: Sequence[str] = ()
) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's relations from a row."""
    each = getter(spec.each)
    type_of = type_reader(spec.type, spec.rename, spec.skip, labels.relations, "relation")
    get_id = getter(spec.id) if spec.id else None
    read_args = arg_reader(spec.args, lambda role: spec.roles.get(role, role), labels)
    rest_of = rest_reader(spec.each, [*relation_paths(spec), *drop], spec.type)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "relations")
        if items is None:
            return
        draft.relations = []
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"R{number}"
            type_ = type_of(item, id_, draft)
            if type_ is None:
                continue
            draft.relations.append(Relation(id=id_, type=type_, args=read_args(item, draft)))
            if rest := rest_of(item):
                draft.keep("relations", id_, rest)

    return make


_DIGITS = re.compile(r"\d+$")


def event_paths(spec: EventsMap) -> list[str]:
    """Return the paths that an event is read from, but for its list."""
    paths = [spec.id, spec.trigger, spec.trigger_text, *arg_paths(spec.args)]
    return [path for path in (*paths, *value_paths(spec.type)) if path]


def event_maker(
    spec: EventsMap, labels: Labels, drop: Sequence[str] = ()
) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's events from a row."""
    each = getter(spec.each)
    type_of = type_reader(spec.type, spec.rename, spec.skip, labels.events, "event")
    get_id = getter(spec.id) if spec.id else None
    read_args = arg_reader(spec.args, lambda role: role, labels)
    rest_of = rest_reader(spec.each, [*event_paths(spec), *drop], spec.type)
    trigger_of = _trigger_reader(spec)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "events")
        if items is None:
            return
        draft.events = []
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"E{number}"
            type_ = type_of(item, id_, draft)
            if type_ is None:
                continue
            trigger = trigger_of(item, id_, draft)
            if f"{id_}.trigger" in draft.gone:
                # Without it the event would claim to have none.
                draft.leave_out(id_, "ref_left_out", f"{type_}: the trigger was left out")
                continue
            args = read_args(item, draft)
            if not spec.number_roles:
                draft.keep("events", id_, _numbered(args))
                args = [replace(arg, role=_DIGITS.sub("", arg.role)) for arg in args]
            draft.events.append(Event(id=id_, type=type_, trigger=trigger, args=args))
            draft.keep("events", id_, rest_of(item))

    return make


def _numbered(args: Sequence[Argument]) -> dict[str, Any]:
    """Return the arguments whose role has a number, for `extra`: it says which Site belongs to which Theme."""
    found = [
        {"role": arg.role, **({"text": arg.text} if arg.ref is None else {"ref": arg.ref})}
        for arg in args
        if _DIGITS.search(arg.role)
    ]
    return {"numbered": found} if found else {}


def _trigger_reader(spec: EventsMap) -> Callable[[Any, str, Draft], Trigger | None]:
    """Return a function that gives the trigger of an event: None where it has none, or an unusable one."""
    get = getter(spec.trigger) if spec.trigger else None
    get_text = getter(spec.trigger_text) if spec.trigger_text else None

    def read(item: Any, id_: str, draft: Draft) -> Trigger | None:
        if get_text is not None:
            text = text_of(get_text(item))
            return Trigger(text=text) if text else None
        raw = get(item) if get else None
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raise malformed("a trigger {spans, text}", raw)
        spans = spans_of(raw["spans"]) if raw.get("spans") is not None else None
        mention = checked(draft, f"{id_}.trigger", spans, text_of(raw.get("text")))
        return None if mention is None else Trigger(spans=mention[0], text=mention[1])

    return read
