"""Rows before they are mapped: joined with the rows of side tables, and cut at the elements of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.normalise.paths import getter, text_getter, text_of
from taiyi_corpus.readers.json_text import row_data
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.spec.dataset import SideTable
from taiyi_corpus.spec.mapping import Value
from taiyi_corpus.spec.record_map import RowsMap


def join(
    rows: Iterator[Row | BadRow], tables: Mapping[str, SideTable], side: Mapping[str, Sequence[Row]]
) -> Iterator[Row | BadRow]:
    """Give each row the rows of side tables that belong to it, a list under the name of each table."""
    for name, table in tables.items():
        if table.key is not None and table.to is not None:
            rows = _joined(rows, name, table, table.to, _by_key(side[name], table.key))
    return rows


def _by_key(rows: Sequence[Row], path: str) -> dict[str, list[dict[str, Any]]]:
    """Return key -> what the rows of that key say besides."""
    get = getter(path)
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if (key := text_of(get(row.data))) is not None:
            rest = {name: value for name, value in row.data.items() if name != path}
            found[key.strip()].append(rest)
    return dict(found)


def _joined(
    rows: Iterator[Row | BadRow],
    name: str,
    table: SideTable,
    to: Value | list[Value],
    found: dict[str, list[dict[str, Any]]],
) -> Iterator[Row | BadRow]:
    getters = [text_getter(value) for value in (to if isinstance(to, list) else [to])]
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        keys = (get(row.data) for get in getters)
        key = next((key.strip() for key in keys if key is not None), "")
        if table.required and key not in found:
            yield BadRow(row.where, f"a row of `{name}` for {key!r}", "none", row.key)
            continue
        # What belongs to several rows is changed by none.
        yield Row(row.where, row.key, _with(row.data, name, [dict(d) for d in found.get(key, [])]))


def _with(data: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return data with a field more.

    Raises:
        InputError: there is a field of that name.
    """
    if name in data:
        raise InputError(Fault(name, "a name that no field of the rows has", "such a field"))
    return {**data, name: value}


def cut(rows: Iterator[Row | BadRow], spec: RowsMap) -> Iterator[Row | BadRow]:
    """Yield a row for each element of a list; one without elements stays as it is."""
    path = spec.each.split(".")
    for position, row in enumerate(rows):
        if isinstance(row, BadRow):
            yield row
            continue
        data = _with(row.data, spec.row, position) if spec.row else row.data
        for number, element in enumerate(_elements(data, path)):
            one = _with(element, spec.number, number) if spec.number else element
            key = f"{row.key}-{number}" if row.key is not None else None
            yield Row(f"{row.where}:{number}", key, one)


def _elements(data: dict[str, Any], path: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the elements below a path, each with the fields around it; its own go before those."""
    around = {name: value for name, value in data.items() if name != path[0]}
    found = data.get(path[0])
    if not found:
        yield around
        return
    for item in found if isinstance(found, list) else [found]:
        inner = around | row_data(item)
        yield from _elements(inner, path[1:]) if path[1:] else (inner,)
