"""Sheets of a workbook (.xlsx, .xls, .ods): a header row, then a row of cells for each record.

Cells are string, integer, float, boolean or null (empty). A number without a fraction is an integer, since a sheet
stores every number as a float; a date is an ISO string.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from taiyi_corpus.errors import Fault, SourceError, nearest
from taiyi_corpus.readers.columns import column_names
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

Cell = str | int | float | bool | None


def read(
    members: Sequence[Member],
    *,
    sheet: str | None = None,
    header_row: int = 1,
    columns: list[str] | None = None,
) -> Iterator[Row | BadRow]:
    """Read a row from each row of a sheet that is not wholly empty.

    Args:
        members: the workbooks, in order.
        sheet: name of the sheet; the first one by default.
        header_row: number of the row, from 1, that names the columns; 0 where there is none. Rows above it are passed
            over; a column whose name is empty is left out.
        columns: names of the columns, where there is no header or to put in its place.
    """
    for member in members:
        names = None if header_row else column_names(None, columns, member.path)
        for number, raw in enumerate(_open(member, sheet).iter_rows(), 1):
            if number < header_row:
                continue
            where = f"{member.path}:{number}"
            cells = [_cell(value) for value in raw]
            if names is None:
                header = ["" if cell is None else str(cell) for cell in cells]
                names = column_names(header, columns, where)
            elif any(cell is not None for cell in cells):
                if len(cells) != len(names):
                    yield BadRow(where, f"{len(names)} columns", f"{len(cells)} columns")
                    continue
                data = {name: cell for name, cell in zip(names, cells, strict=True) if name}
                yield Row(where, None, data)
        if names is None:
            raise SourceError(
                Fault(member.path, f"column names in row {header_row}", "no such row")
            )


def _open(member: Member, name: str | None) -> CalamineSheet:
    with member.open() as file:
        content = io.BytesIO(file.read())
    try:
        book = CalamineWorkbook.from_filelike(content)
        if name is None:
            return book.get_sheet_by_index(0)
        if name in book.sheet_names:
            return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise SourceError(Fault(member.path, "a workbook", str(error))) from error
    hint = nearest(name, book.sheet_names)
    raise SourceError(Fault(member.path, f"a sheet {name!r}", "none of that name", hint))


def _cell(value: object) -> Cell:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)  # a duration
