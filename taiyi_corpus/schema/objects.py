"""Records out of Arrow columns, column by column: lists and structs are taken apart once, not row by row.

What comes from our own files was checked when it was made, so nothing is checked here.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa

from taiyi_corpus.schema.record import (
    Answer,
    Argument,
    Choice,
    Entity,
    Link,
    Passage,
    Relation,
    Span,
    Turn,
)


def objects(array: pa.Array, kind: Any) -> list[Any]:
    """Return the values of an Arrow array as those of a field annotated `kind`."""
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        (kind,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
    if typing.get_origin(kind) is list:
        return _lists(array, typing.get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _structs(array, kind)
    values: list[Any] = array.to_pylist()
    return values


def _lists(array: pa.Array, kind: Any) -> list[Any]:
    items = objects(array.flatten(), kind)
    made: list[Any] = []
    start = 0
    for length in array.value_lengths().to_pylist():
        if length is None:
            made.append(None)
        else:
            made.append(items[start : start + length])
            start += length
    return made


def _structs(array: pa.Array, kind: type[msgspec.Struct]) -> list[Any]:
    columns = map(objects, array.flatten(), kinds(kind))
    make = _MAKERS.get(kind) or _maker(kind)
    if not array.null_count:
        return list(map(make, *columns))
    there = array.is_valid().to_pylist()
    return [make(*row) if valid else None for valid, *row in zip(there, *columns, strict=True)]


@functools.cache
def kinds(kind: type[msgspec.Struct]) -> list[Any]:
    """Return the annotations of the fields of a struct, in order."""
    hints = typing.get_type_hints(kind)
    return [hints[name] for name in kind.__struct_fields__]


def _maker(kind: type[msgspec.Struct]) -> Callable[..., Any]:
    names = kind.__struct_fields__
    return lambda *row: kind(**dict(zip(names, row, strict=True)))


# The structs that documents have many of; their fields in order.
_MAKERS: dict[type[msgspec.Struct], Callable[..., Any]] = {
    **{kind: kind for kind in (Choice, Link, Passage, Span, Turn)},
    Entity: lambda id, type, spans, text, links, part_of: Entity(
        id=id, type=type, spans=spans, text=text, links=links, part_of=part_of
    ),
    Relation: lambda id, type, args: Relation(id=id, type=type, args=args),
    Argument: lambda role, ref, text: Argument(role=role, ref=ref, text=text),
    Answer: lambda text, start, end: Answer(text=text, start=start, end=end),
}
