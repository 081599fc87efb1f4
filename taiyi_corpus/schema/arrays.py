"""Records into Arrow columns, column by column: the counterpart of `objects`."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from taiyi_corpus.schema.objects import kinds


def array(values: Sequence[Any], kind: Any, type_: pa.DataType) -> pa.Array:
    """Return the values of a field annotated `kind` as an Arrow array."""
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        (kind,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
        if _all_none(values):
            return pa.nulls(len(values), type_)
    if typing.get_origin(kind) is list:
        return _lists(values, typing.get_args(kind)[0], type_)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _structs(values, kind, type_)
    return pa.array(values, type_)


def _all_none(values: Sequence[Any]) -> bool:
    # Most columns are null all through, and a list counts faster than Python looks.
    return not values or (values[0] is None and values.count(None) == len(values))


def _lists(values: Sequence[Any], kind: Any, type_: pa.DataType) -> pa.Array:
    if None in values:
        lengths = [-1 if value is None else len(value) for value in values]
        values = [value for value in values if value is not None]
    else:
        lengths = list(map(len, values))
    sizes = np.array(lengths, dtype=np.int32)
    ends = np.concatenate(([0], np.cumsum(np.maximum(sizes, 0)))).astype(np.int32)
    # A list is null where its start is; the last offset has no list.
    offsets = pa.array(ends, pa.int32(), mask=np.append(sizes < 0, False))
    items = list(chain.from_iterable(values))
    return pa.ListArray.from_arrays(offsets, array(items, kind, type_.value_type), type=type_)


def _structs(values: Sequence[Any], kind: type[msgspec.Struct], type_: pa.DataType) -> pa.Array:
    missing = [value is None for value in values] if None in values else None
    there = [value for value in values if value is not None] if missing else values
    columns = [
        array(list(map(attrgetter(field.name), there)), hint, field.type)
        for hint, field in zip(kinds(kind), type_, strict=True)
    ]
    if missing:  # a null has a place in each column too
        places = pa.array(np.cumsum(np.logical_not(missing)) - 1, mask=np.array(missing))
        columns = [column.take(places) for column in columns]
        return pa.StructArray.from_arrays(columns, fields=list(type_), mask=pa.array(missing))
    return pa.StructArray.from_arrays(columns, fields=list(type_))
