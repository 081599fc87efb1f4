"""Raw columns of a batch of rows: what stands at a path, as Arrow strings or as it is."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.normalise.blanks import Bools, blank, joined, without_blanks
from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.schema.arrow import record_schema
from taiyi_corpus.schema.record import Record

Made = dict[str, pa.Array]  # columns of the schema


def type_of(name: str) -> pa.DataType:
    """Return the Arrow type of a field of records."""
    return record_schema().field(name).type


@functools.cache
def kind_of(name: str) -> Any:
    """Return the annotation of a field of records."""
    return typing.get_type_hints(Record)[name]


class Unlike(Exception):
    """Rows of a batch are not of one form; each must be looked at by itself."""


class Columns:
    """The columns of a batch that has any."""

    def __init__(self, batch: Batch) -> None:
        self._cells, self._objects, self._order = batch.cells, batch.objects, batch.order
        self.count = batch.count

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as objects."""
        if self._objects is not None:
            return self._objects()
        assert self._cells is not None
        names = list(self._cells)
        columns = (column.to_pylist() for column in self._cells.values())
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def values(self, path: str) -> list[Any]:
        """Return what stands at a path in each row."""
        if "." in path:
            return list(map(getter(path), self.rows))
        return [row.get(path) for row in self.rows]

    def column(self, path: str) -> pa.Array | None:
        """Return what stands at a path in each row as Arrow has it, None if only the rows can tell."""
        if self._cells is None or ("." in path and (self._objects is None or path in self._cells)):
            return None
        first, *steps = path.split(".")
        found = self._cells.get(first)
        if found is None:
            found = pa.nulls(self.count)
        for step in steps:
            if (found := _step(found, step)) is None:
                return None
        return found

    def texts(self, path: str, *, joined: bool = False) -> pa.StringArray:
        """Return what stands at a path as text, blank text as null.

        Args:
            joined: whether the texts of a list are one, with blanks between them.

        Raises:
            Unlike: a list or an object stands there.
        """
        found = self._strings(path)
        if found is None and (column := self.column(path)) is not None:
            found = _as_texts(column, joined)
        if found is None:
            values = self.values(path)
            if any(isinstance(value, (list, dict)) for value in values):
                raise Unlike
            found = pa.array(list(map(text_of, values)), pa.string())
        return without_blanks(found)

    def rest(
        self, named: frozenset[str], rest_of: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> pa.Array | None:
        """Return what of each row nothing names, as JSON; None where that is nothing in all rows.

        Args:
            named: names of fields that are named whole.
            rest_of: gives what of a row nothing names.
        """
        fields = self._cells if self._cells is not None else set[str]().union(*self.rows)
        names = [name for name in fields if name not in named]
        if not names:
            return None
        if len(names) == 1 or (self._cells is not None and self.in_order(names)):
            parts = [self._rest(name, rest_of) for name in names]
            if None not in parts:
                return pc.binary_join_element_wise("{", joined(parts, ","), "}", "")
        encode = msgspec.json.Encoder().encode
        rests = map(rest_of, self.rows)
        return pa.array([encode(rest).decode() if rest else None for rest in rests], pa.string())

    def _rest(
        self, name: str, rest_of: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> pa.StringArray | None:
        """Return a field and its name as in JSON, null where it is blank; None if the rows must be looked at."""
        found = self._strings(name)
        if found is None and (column := self.column(name)) is not None:
            found = column if _is_whole(column.type) else None
        if found is None:
            return None
        # What is written once and again is looked at once.
        coded = found.dictionary_encode()
        encode = msgspec.json.Encoder().encode
        rests = (rest_of({name: value}) for value in coded.dictionary.to_pylist())
        texts = [encode(rest)[1:-1].decode() if rest else None for rest in rests]
        return pa.array(texts, pa.string()).take(coded.indices)

    def in_order(self, names: Sequence[str], there: int | None = None) -> bool:
        """Return whether these fields, at whatever depth, stand in this order wherever they do.

        Args:
            there: how often they must be there.
        """
        if self._order is None:
            return self._objects is None  # those of a table do
        found = self._order(names)
        if found is None or (there is not None and len(found[0]) != there):
            return False
        row, name = map(np.diff, found)
        return bool(((name > 0) | (row > 0)).all())

    def _strings(self, path: str) -> pa.StringArray | None:
        """Return what stands at a path where that is a string or nothing in each row."""
        if (column := self.column(path)) is not None:
            if pa.types.is_null(column.type):
                return column.cast(pa.string())
            return column if pa.types.is_string(column.type) else None
        try:
            return pa.array(self.values(path), pa.string())
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return None


def _step(column: pa.Array, name: str) -> pa.Array | None:
    """Return what `paths.getter` finds one step further."""
    type_ = column.type
    if pa.types.is_struct(type_):
        at = type_.get_field_index(name)
        return pa.nulls(len(column)) if at < 0 else pc.struct_field(column, [at])
    if pa.types.is_list(type_):
        return element(column, int(name)) if name.isdigit() else None
    return column if name == "0" and pa.types.is_string(type_) else pa.nulls(len(column))


def element(column: pa.ListArray, number: int) -> pa.Array:
    """Return the n-th element of each list, null where it has fewer."""
    starts = np.asarray(column.offsets)[:-1] + number
    fewer = pc.less_equal(column.value_lengths(), number).fill_null(True)
    return column.values.take(pa.array(starts, mask=np.asarray(fewer)))


def _is_whole(type_: pa.DataType) -> bool:
    """Return whether values of a type are written in one way only."""
    return bool(pa.types.is_integer(type_) or pa.types.is_boolean(type_))


def _as_texts(column: pa.Array, joined: bool) -> pa.StringArray | None:
    """Return the texts of a column that are no strings, None if they must be looked at one by one."""
    type_ = column.type
    if _is_whole(type_):
        return column.cast(pa.string())
    if pa.types.is_floating(type_):
        return None
    if not joined or not pa.types.is_list(type_) or not pa.types.is_string(type_.value_type):
        raise Unlike
    if not pc.any(pc.greater(column.value_lengths(), 1)).as_py():
        return element(column, 0)
    parts = column.flatten()
    if parts.null_count or blank(parts).any():
        return None
    return pc.binary_join(column, " ")


def lists(
    sizes: Sequence[int] | npt.NDArray[np.int64], items: pa.Array, type_: pa.DataType, null: Bools | None = None
) -> pa.Array:  # fmt: skip
    """Return items as lists of these sizes; those that are `null` are null, else those of none."""
    count = np.asarray(sizes, np.int32)
    ends = np.concatenate(([0], np.cumsum(count))).astype(np.int32)
    offsets = pa.array(
        ends, pa.int32(), mask=np.append(count == 0 if null is None else null, False)
    )
    return pa.ListArray.from_arrays(offsets, items, type=type_)
