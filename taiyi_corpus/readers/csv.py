r"""Tables in text: CSV, TSV and their kin.

    row    = cell (delimiter cell)* line-end
    cell   = text without delimiter, or '"' text with '""' for '"' '"'      (quoting: minimal)
    cell   = text without delimiter; '"' is a character like any other      (quoting: none)

A line ends at "\n" or "\r\n"; a quoted cell may hold line ends. Blank lines are passed over. Every cell is a string.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, Literal

from taiyi_corpus.errors import Fault, InputError, SourceError
from taiyi_corpus.readers.columns import column_names
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.lines import without_end
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

# The standard limit of 128 KiB is below a full-text article. A limit there must be: a quote that is never closed would
# else take the rest of the file into memory.
CELL_LIMIT = 1 << 25
_UNDECODED = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte


def read(
    members: Sequence[Member],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    bad_bytes: Literal["error", "row"] = "error",
    header: bool = True,
    columns: list[str] | None = None,
    quoting: Literal["minimal", "none"] = "minimal",
    skip: int = 0,
    ragged: Literal["bad", "pad"] = "bad",
) -> Iterator[Row | BadRow]:
    """Read a row from each line of a table.

    A row with more columns than the header, or with a quote out of place, is broken.

    Args:
        members: the files, in order; each has its own header.
        delimiter: what stands between cells, one character.
        encoding: encoding of the files.
        bad_bytes: what a byte that does not decode spoils: the file ("error") or its row ("row").
        header: whether the first line names the columns. A column whose name is empty is left out.
        columns: names of the columns, where there is no header or to put in its place.
        quoting: whether '"' quotes ("minimal") or is a character like any other ("none").
        skip: lines before the header.
        ragged: whether a row with fewer columns than the header is broken ("bad") or gets null for the rest ("pad").
    """
    if len(delimiter) != 1:
        raise InputError(Fault("delimiter", "one character", repr(delimiter)))
    errors = "surrogateescape" if bad_bytes == "row" else "strict"
    for member in members:
        with open_text(member, encoding, errors=errors) as file:
            lines, cells = opened(file, delimiter=delimiter, quoting=quoting, bad_bytes=bad_bytes)
            names = names_of(lines, cells, member.path, header=header, columns=columns, skip=skip)
            yield from rows(lines, cells, member.path, names, ragged=ragged, encoding=encoding)


def opened(
    file: Iterator[str], *, delimiter: str = ",", quoting: str = "minimal", bad_bytes: str = "error", **_: Any
) -> tuple[Lines, Iterator[list[str]]]:  # fmt: skip
    """Return the lines of a table, and the cells that are parsed of them; options are those of `read`."""
    csv.field_size_limit(max(CELL_LIMIT, csv.field_size_limit()))
    lines = Lines(file, spoils=bad_bytes == "row")
    if quoting == "minimal":
        return lines, csv.reader(lines, delimiter=delimiter, strict=True)
    return lines, _split(lines, delimiter)


class Lines:
    """Lines of a file that know their number, and whether one since `fault` was last reset is spoilt."""

    def __init__(self, file: Iterator[str], spoils: bool) -> None:
        self._file = file
        self._spoils = spoils
        self.number = 0
        self.fault = ""

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.number += 1
        # Python 3.10 refuses NUL in a CSV file and 3.11 lets it pass; a corpus has no use for it.
        if "\0" in line:
            self.fault = f"a NUL character in line {self.number}"
            return line.replace("\0", " ")
        if self._spoils and not line.isascii() and (wrong := _UNDECODED.findall(line)):
            codes = " ".join(f"{ord(c) - 0xDC00:02x}" for c in wrong[:4])
            self.fault = f"bytes {codes} in line {self.number}"
        return line


def _split(lines: Lines, delimiter: str) -> Iterator[list[str]]:
    for line in lines:
        text = without_end(line)
        yield text.split(delimiter) if text else []


def names_of(
    lines: Lines, parsed: Iterator[list[str]], path: str, *, header: bool = True,
    columns: Sequence[str] | None = None, skip: int = 0, **_: Any,
) -> list[str]:  # fmt: skip
    """Return the names of the columns; the lines up to the first row are read. Options are those of `read`."""
    for _line in range(skip):
        next(lines, None)
    lines.fault = ""
    if not header:
        return column_names(None, columns, path)
    first: list[str] = []
    try:
        while not first:
            first = next(parsed)
    except StopIteration:
        raise SourceError(Fault(path, "a line with column names", "an empty file")) from None
    except csv.Error as error:
        where = f"{path}:{lines.number}"
        raise SourceError(Fault(where, "a line with column names", str(error))) from error
    if lines.fault:
        where = f"{path}:{lines.number}"
        raise SourceError(Fault(where, "a line with column names", lines.fault))
    return column_names(first, columns, f"{path}:{lines.number}")


def rows(
    lines: Lines, parsed: Iterator[list[str]], path: str, names: list[str], *, ragged: str = "bad",
    encoding: str = "utf-8", **_: Any,
) -> Iterator[Row | BadRow]:  # fmt: skip
    """Yield the rows that come next; options are those of `read`."""
    pad = ragged == "pad"
    width = len(names)
    kept = [i for i, name in enumerate(names) if name]
    keys = [names[i] for i in kept]
    # A row as it is costs nothing; only a table with nameless columns pays for picking.
    pick = itemgetter(*kept) if 1 < len(kept) < width else None
    while True:
        first = lines.number + 1
        try:
            cells: Sequence[str | None] = next(parsed)
        except StopIteration:
            return
        except csv.Error as error:
            lines.fault = ""
            span = f" (lines {first} to {lines.number})" if lines.number > first else ""
            yield BadRow(f"{path}:{first}", "cells quoted as CSV says", f"{error}{span}")
            continue
        if not cells:
            continue
        if lines.fault:
            yield BadRow(f"{path}:{first}", f"{encoding} text", lines.fault)
            lines.fault = ""
            continue
        if len(cells) != width:
            if len(cells) > width or not pad:
                yield BadRow(f"{path}:{first}", f"{width} columns", f"{len(cells)} columns")
                continue
            cells = [*cells, *[None] * (width - len(cells))]
        if pick is not None:
            cells = pick(cells)
        elif len(kept) == 1:
            cells = [cells[kept[0]]]
        yield Row(f"{path}:{first}", None, dict(zip(keys, cells, strict=True)))
