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

from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.schema.arrow import record_schema
from taiyi_corpus.schema.record import Record

Bools = npt.NDArray[np.bool_]
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
        self._cells = batch.cells
        self._objects = batch.objects
        self.count = batch.count

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as objects."""
        if self._objects is not None:
            return self._objects
        assert self._cells is not None
        names = list(self._cells)
        columns = (column.to_pylist() for column in self._cells.values())
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def values(self, path: str) -> list[Any]:
        """Return what stands at a path in each row."""
        if "." in path:
            return list(map(getter(path), self.rows))
        return [row.get(path) for row in self.rows]

    def texts(self, path: str) -> pa.StringArray:
        """Return what stands at a path as text, blank text as null.

        Raises:
            Unlike: a list or an object stands there.
        """
        found = self._strings(path)
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
        rows, which = self.rows, None
        if len(names) == 1 and "." not in (name := names[0]):
            if (one := self._strings(name)) is not None:
                # What is written once and again is looked at once.
                coded = one.dictionary_encode()
                rows, which = (
                    [{name: value} for value in coded.dictionary.to_pylist()],
                    coded.indices,
                )
            else:
                rows = [{name: value} for value in self.values(name)]
        encode = msgspec.json.Encoder().encode
        rests = map(rest_of, rows)
        found = pa.array([encode(rest).decode() if rest else None for rest in rests], pa.string())
        return found if which is None else found.take(which)

    def _strings(self, path: str) -> pa.StringArray | None:
        """Return what stands at a path where that is a string or nothing in each row."""
        if self._cells is not None and path in self._cells:
            return self._cells[path]
        try:
            return pa.array(self.values(path), pa.string())
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return None


_SPACE = [chr(code) for code in range(0x3001) if chr(code).isspace()]  # there is none beyond
# Its last three bytes, or as many as it has, as a number; what it ends with.
_SPACE_ENDS = np.array([int.from_bytes(space.encode(), "big") for space in _SPACE])
_MAY_END_SPACE = np.isin(np.arange(256), _SPACE_ENDS & 0xFF)
_MAY_BE_SPACE = np.zeros(256, np.bool_)  # bytes that white space begins with, in UTF-8
_MAY_BE_SPACE[[*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3]] = True


def _offsets(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]


def stripped(texts: pa.StringArray) -> pa.StringArray:
    """Return texts as `str.strip` leaves them."""
    if not len(texts) or (offsets := _offsets(texts))[-1] == offsets[0]:
        return texts
    data = np.frombuffer(texts.buffers()[2], np.uint8)
    spaced = _MAY_BE_SPACE[data[np.minimum(offsets[:-1], len(data) - 1)]]
    ends = offsets[1:] - 1
    doubtful = np.flatnonzero(_MAY_END_SPACE[data[ends]])
    for size in (1, 2, 3):
        last = np.zeros(len(doubtful), np.int64)
        for back in range(size):
            last |= data[ends[doubtful] - back].astype(np.int64) << 8 * back
        spaced[doubtful[np.isin(last, _SPACE_ENDS)]] = True
    if not spaced.any():
        return texts
    which = pa.array(spaced)
    bare = [text and text.strip() for text in texts.filter(which).to_pylist()]
    return pc.replace_with_mask(texts, which, pa.array(bare, pa.string()))


def blank(texts: pa.StringArray) -> Bools:
    """Return which texts are empty or white space; null is neither."""
    offsets = _offsets(texts)
    if offsets[-1] == offsets[0]:
        found: Bools = np.ones(len(texts), np.bool_)
    else:
        data = np.frombuffer(texts.buffers()[2], np.uint8)
        found = offsets[1:] == offsets[:-1]
        first = data[np.minimum(offsets[:-1], len(data) - 1)]
        doubtful = np.flatnonzero(_MAY_BE_SPACE[first] & ~found)
        found[doubtful] = [
            text is not None and text.isspace()
            for text in texts.take(pa.array(doubtful)).to_pylist()
        ]
    if texts.null_count:
        found &= np.asarray(texts.is_valid())
    return found


def without_blanks(texts: pa.StringArray) -> pa.StringArray:
    """Return texts, null for those that are empty or white space."""
    if not len(texts) or not (gone := blank(texts)).any():
        return texts
    return pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), texts)


def lists(sizes: Sequence[int] | npt.NDArray[np.int64], items: pa.Array, type_: pa.DataType) -> pa.Array:  # fmt: skip
    """Return items as lists of these sizes; a list of none is null."""
    count = np.asarray(sizes, np.int32)
    ends = np.concatenate(([0], np.cumsum(count))).astype(np.int32)
    offsets = pa.array(ends, pa.int32(), mask=np.append(count == 0, False))
    return pa.ListArray.from_arrays(offsets, items, type=type_)
