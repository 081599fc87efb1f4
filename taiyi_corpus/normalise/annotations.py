"""What the raw forms of all annotations share: lists, offsets, types, and the rest no path names."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from taiyi_corpus.normalise.draft import Draft
from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.paths import (
    Getter,
    getter,
    text_getter,
    text_of,
    unnamed,
    value_paths,
)
from taiyi_corpus.schema.record import Span
from taiyi_corpus.spec.mapping import Value

KNOWN = (
    4_096  # spellings that are remembered: a corpus has the same types and concepts again and again
)


def elements(row: Any, each: Getter, what: str) -> list[Any] | None:
    """Return the list a mapping's `each` names; None where the source has none."""
    found = each(row)
    if found is None:
        return None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise malformed(f"a list of {what}", found)
    return found


def member(item: Any, name: str, what: str) -> Any:
    """Return a field that every element of a list must have."""
    if not isinstance(item, dict) or item.get(name) is None:
        raise malformed(f"{what} with {name!r}", item)
    return item[name]


def offset(value: Any) -> int:
    """Return an offset that the source gives as a number or as its digits."""
    if type(value) is int:
        return value
    try:
        number = int(value)
        exact = not isinstance(value, float) or number == value
    except (TypeError, ValueError, OverflowError):
        exact = False
    if not exact:
        raise malformed("an offset", value)
    return number


def spans_of(pairs: Any) -> list[Span]:
    """Return spans from [[start, end], ...]."""
    try:
        if len(pairs) == 1:  # as nearly all mentions have
            ((start, end),) = pairs
            if type(start) is type(end) is int:
                return [Span(start, end)]
        return [
            Span(
                start if type(start) is int else offset(start),
                end if type(end) is int else offset(end),
            )
            for start, end in pairs
        ]
    except (TypeError, ValueError):
        raise malformed("spans [[start, end], ...]", pairs) from None


def pairs_of(spans: Sequence[Span]) -> list[list[int]]:
    """Return spans as plain pairs."""
    return [[span.start, span.end] for span in spans]


def type_reader(
    value: Value,
    rename: Mapping[str, str],
    skip: Collection[str],
    known: Collection[str],
    what: str,
) -> Callable[[Any, str, Draft], str | None]:
    """Return a function that gives the type of an annotation, or None where its type leaves it out."""
    get, skipped = _raw_getter(value), frozenset(skip)

    @functools.lru_cache(KNOWN)
    def meant(raw: str | None) -> tuple[str, bool]:
        said = (text_of(raw) or "").strip()
        type_ = rename.get(said, said)
        return type_, type_ not in skipped and (not known or type_ in known)

    def read(item: Any, id_: str, draft: Draft) -> str | None:
        raw = get(item)
        type_, stays = meant(raw if type(raw) is str else text_of(raw))
        if stays:
            return type_
        if type_ in skipped:
            draft.leave_out(id_, "type_skipped", type_)
        else:
            draft.meet(id_, "type_unknown", f"{what} type {type_!r}")
        return None

    return read


def _raw_getter(value: Value) -> Getter:
    return getter(value) if isinstance(value, str) else text_getter(value)


def rest_reader(
    each: str, paths: Sequence[str | None], type_: Value
) -> Callable[[Any], dict[str, Any]]:
    """Return a function that gives what an annotation carries besides what the mapping names.

    Of a nested object that a path leads into, what no path names is left, without what only repeats the type; a list
    that a path leads into is read whole. An annotation that is the row itself has nothing besides: the row's own
    rest goes to the record's.
    """
    if each == ".":
        return lambda item: {}
    get_type = text_getter(type_)
    named = [path for path in (*paths, *value_paths(type_)) if path]
    whole = frozenset(named)
    read_from = {path.split(".")[0] for path in named}
    # Objects of which paths name fields, and no fields of fields.
    flat = {
        key: frozenset(path.removeprefix(f"{key}.") for path in named if path.startswith(f"{key}."))
        for key in read_from - whole
    }
    rest_of = unnamed(named)

    def nothing(item: dict[str, Any]) -> bool:
        """Tell whether an item plainly has nothing besides, as most have; to say no is always right."""
        said: str | None = None
        for key, value in item.items():
            if key in whole:
                continue
            if type(value) is not dict or (fields := flat.get(key)) is None:
                return False
            for field, inner in value.items():
                if field in fields:
                    continue
                said = said or get_type(item)
                if said is None or inner != said:
                    return False
        return True

    def read(item: Any) -> dict[str, Any]:
        if not isinstance(item, dict) or item.keys() <= whole or nothing(item):
            return {}
        said = get_type(item)
        rest = {
            key: {k: v for k, v in value.items() if v != said} if isinstance(value, dict) else value
            for key, value in rest_of(item).items()
            if not (key in read_from and isinstance(value, list))
        }
        return {key: value for key, value in rest.items() if value != {}}

    return read
