"""The form that JSON objects have in common, and objects of that form as Arrow columns.

A form is learnt from objects. What has another one - another type, a field that was not seen, a key twice, bytes that
are no text - is not guessed at: there are no columns then, and the objects are decoded one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow

_FIELDS = 64  # more of them in an object are keys of a dictionary, not fields
_INT64 = range(-(1 << 63), 1 << 63)
_SCALARS = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
# None: only nulls were seen; a type of Python; {name: kind}; [kind] of the elements.
_Kind = Any


class Form:
    """What is known of the fields of objects."""

    def __init__(self) -> None:
        self._fields: dict[str, _Kind] = {}
        self._schema: pa.Schema | None = None

    @property
    def known(self) -> bool:
        """Whether something was learnt."""
        return bool(self._fields)

    def learn(self, objects: Iterable[dict[str, Any]]) -> None:
        """Take in the fields of some objects; if no columns can hold them, there are none from now on."""
        try:
            for one in objects:
                _widened(self._fields, one)
            self._schema = pa.schema([(name, _arrow(kind)) for name, kind in self._fields.items()])
        except _Mixed:
            self._schema = None

    def cells(self, text: bytes, count: int) -> dict[str, pa.Array] | None:
        """Return the fields of objects that follow each other as columns, None if they are of another form.

        Args:
            text: the objects, with nothing but white space between them.
            count: how many they must be.
        """
        if not self._schema:
            return None
        try:
            table = arrow.read_json(
                pa.BufferReader(text),
                arrow.ReadOptions(use_threads=False, block_size=len(text) + 1),
                arrow.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error"),
            )
            table.validate(full=True)  # bytes that are no UTF-8 pass the parser
        except pa.ArrowInvalid:
            return None
        if table.num_rows != count:
            return None
        columns = [column.chunk(0) for column in table.combine_chunks().columns]
        # NaN, which is not JSON, is null to the readers.
        if not all(map(_finite, columns)):
            return None
        return dict(zip(table.column_names, columns, strict=True))


class _Mixed(Exception):
    """Values of one field that no Arrow type holds as they are written."""


def _widened(known: _Kind, value: Any) -> _Kind:
    """Return a kind that holds a value, too; what is known of objects and lists is changed in its place."""
    if value is None:
        return known
    kind = type(value)
    if kind is dict or kind is list:
        known = kind() if known is None else known
        if type(known) is not kind:
            raise _Mixed
    if kind is dict:
        for name, inner in value.items():
            known[name] = _widened(known.get(name), inner)
        if len(known) > _FIELDS:
            raise _Mixed
        return known
    if kind is list:
        for inner in value:
            known[:] = [_widened(known[0] if known else None, inner)]
        return known
    # An integer beside other numbers would not stay one.
    if known not in (None, kind) or (kind is int and value not in _INT64):
        raise _Mixed
    return kind


def _arrow(kind: _Kind) -> pa.DataType:
    if kind is None:
        return pa.null()
    if isinstance(kind, dict):
        return pa.struct([(name, _arrow(inner)) for name, inner in kind.items()])
    if isinstance(kind, list):
        return pa.list_(_arrow(kind[0]) if kind else pa.null())
    return _SCALARS[kind]


def _finite(column: pa.Array) -> bool:
    if pa.types.is_struct(column.type):
        return all(map(_finite, column.flatten()))
    if pa.types.is_list(column.type):
        return _finite(column.flatten())
    return not pa.types.is_float64(column.type) or pc.all(pc.is_finite(column)).as_py() is not False
