"""The Arrow schema of a record, made from the record type: one Parquet layout, one DuckDB or pandas view."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa

from taiyi_corpus.schema.arrays import array
from taiyi_corpus.schema.objects import objects
from taiyi_corpus.schema.record import Record

_SCALARS = {str: pa.string(), int: pa.int32(), float: pa.float64(), bool: pa.bool_()}


def arrow_type(kind: Any) -> pa.DataType:
    """Return the Arrow type of a field annotation of the schema."""
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return pa.string()
    if origin in (types.UnionType, typing.Union):
        (inner,) = (arg for arg in typing.get_args(kind) if arg is not type(None))
        return arrow_type(inner)
    if origin is list:
        return pa.list_(arrow_type(typing.get_args(kind)[0]))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return pa.struct([pa.field(name, arrow_type(t)) for name, t in _fields(kind)])
    raise TypeError(f"the schema has no Arrow type for {kind!r}")


def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    hints = typing.get_type_hints(kind)
    return [(name, hints[name]) for name in kind.__struct_fields__]


@functools.cache
def _record_fields() -> list[tuple[str, Any]]:
    return _fields(Record)


@functools.cache
def record_schema() -> pa.Schema:
    """Return the Arrow schema of records; its columns are the fields of `Record`, in order."""
    return pa.schema([pa.field(name, arrow_type(kind)) for name, kind in _fields(Record)])


def to_table(records: Iterable[Record]) -> pa.Table:
    """Return records as one Arrow table."""
    rows, schema = list(records), record_schema()
    columns = [
        array(list(map(attrgetter(name), rows)), kind, schema.field(name).type)
        for name, kind in _record_fields()
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def from_table(table: pa.Table | pa.RecordBatch) -> list[Record]:
    """Return the records of a table made by `to_table` (columns left out come back as null)."""
    hints = dict(_record_fields())
    # A column that is null all through is what a record has by default.
    whole = [column.null_count < table.num_rows for column in table.columns]
    names = list(compress(table.schema.names, whole))
    columns = [
        objects(_one_array(column), hints[name])
        for name, column in zip(names, compress(table.columns, whole), strict=True)
    ]
    return [Record(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def columns_of(names: Sequence[str]) -> list[str]:
    """Return `names` and the identity columns every stage needs, in schema order."""
    wanted = {*IDENTITY, *names}
    return [name for name in record_schema().names if name in wanted]


IDENTITY = ("id", "dataset", "split", "language", "origin", "license")
