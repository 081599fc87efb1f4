"""Tables in batches: what has its quotes where CSV wants them is parsed by Arrow, all else by the reader `csv`.

plain = no NUL; "\\r" only before "\\n"; a quote opens a cell, closes it, or is doubled in it;
            as many cells as columns
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow

from taiyi_corpus.readers import csv
from taiyi_corpus.readers.batch import BOM, Batch, in_order, numbered
from taiyi_corpus.readers.decode import open_text, undecodable
from taiyi_corpus.readers.quotes import lone_return, outside, well_quoted
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.span import Cut, Source, opened_bytes
from taiyi_corpus.sources.member import Member

BLOCK = 1 << 22  # bytes read at a time


def read(member: Member, cut: Cut | None, options: Mapping[str, Any]) -> Iterator[Batch]:
    """Yield the rows of a table, or of a slice of it, in batches; options are those of the reader `csv`.

    Raises:
        SourceError: bytes do not decode, or the header is none.
    """
    table = _Table(member, options)
    with opened_bytes(member, cut) as stream:
        source = Source(stream)
        if (cut is None or not cut.start) and source.block(len(BOM)).startswith(table.mark):
            source.take(len(table.mark))
        try:
            if cut is None:
                lines, parsed = csv.opened(table.decoded(source), **options)
                names = csv.names_of(lines, parsed, member.path, **options)
                line = lines.number
            else:
                with open_text(member, table.encoding, errors=table.errors) as file:
                    names = csv.names_of(*csv.opened(file, **options), member.path, **options)
                line = cut.line
            yield from table.batches(source, names, line)
        except UnicodeDecodeError as error:
            raise undecodable(member, options.get("encoding", "utf-8")) from error


class _Table:
    """How a table is read."""

    def __init__(self, member: Member, options: Mapping[str, Any]) -> None:
        self._member, self._options = member, options
        self.encoding: str = options.get("encoding", "utf-8").removesuffix("-sig")
        self.mark = BOM if self.encoding == "utf-8" else b""
        self.errors = "surrogateescape" if options.get("bad_bytes") == "row" else "strict"
        self._quotes = options.get("quoting", "minimal") == "minimal"
        self._delimiter: str = options.get("delimiter", ",")

    def decoded(self, lines: Iterator[bytes]) -> Iterator[str]:
        """Yield lines as text."""
        for line in lines:
            yield line.decode(self.encoding, self.errors)

    def batches(self, source: Source, names: list[str], line: int) -> Iterator[Batch]:
        """Yield the rows that come next; `line`: how many lines come before."""
        while block := source.block(BLOCK):
            end = len(block) if len(block) < BLOCK else self._row_end(block)
            chunk = block[: end or len(block)]
            cells = self._cells(chunk, names) if end else None
            if cells is None:
                rows, line = self._rows(source, names, line, line + chunk.count(b"\n"))
                yield in_order(rows)
                continue
            source.take(end)
            yield self._batch(cells, chunk, names, line)
            line += chunk.count(b"\n")

    def _batch(
        self, cells: dict[str, pa.Array], chunk: bytes, names: list[str], line: int
    ) -> Batch:
        count = len(next(iter(cells.values())))

        def rows() -> list[Row | BadRow]:
            return self._rows(Source(io.BytesIO(chunk)), names, line, sys.maxsize)[0]

        def places() -> pa.StringArray:
            if chunk.rstrip(b"\n").count(b"\n") + 1 == count:
                return numbered(self._member, line, count)
            return in_order(rows()).places()

        return Batch(count, rows, places, cells)

    def _row_end(self, block: bytes) -> int:
        """Return where the last whole row ends, if the quotes of the block are where CSV wants them."""
        if not self._quotes or b'"' not in block:
            return block.rfind(b"\n") + 1
        raw = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(raw == ord("\n"))
        whole = ends[outside(raw, ends)]
        return int(whole[-1]) + 1 if len(whole) else 0

    def _cells(self, chunk: bytes, names: list[str]) -> dict[str, pa.Array] | None:
        """Return the columns of some rows, None where they are not plain."""
        if b"\0" in chunk or lone_return(chunk):
            return None
        if self._quotes and not well_quoted(chunk, ord(self._delimiter)):
            return None
        if self.encoding != "utf-8":
            try:
                chunk = chunk.decode(self.encoding).encode()
            except UnicodeDecodeError:
                return None
        if chunk.startswith(BOM):  # Arrow would take it for the mark of a file
            return None
        places = [str(place) for place in range(len(names))]
        try:
            table = arrow.read_csv(
                pa.BufferReader(chunk),
                arrow.ReadOptions(
                    use_threads=False, column_names=places, block_size=len(chunk) + 1
                ),
                arrow.ParseOptions(
                    delimiter=self._delimiter,
                    quote_char='"' if self._quotes else False,
                    newlines_in_values=self._quotes,
                ),
                arrow.ConvertOptions(column_types=dict.fromkeys(places, pa.string())),
            )
        except pa.ArrowInvalid:
            return None
        columns = zip(names, table.combine_chunks().columns, strict=True)
        return {
            name: column.chunk(0) for name, column in columns if name and column.num_chunks
        } or None

    def _rows(
        self, source: Source, names: list[str], line: int, end: int
    ) -> tuple[list[Row | BadRow], int]:
        """Return the rows that come next as the reader gives them, to line `end` at least, and the line reached."""
        lines, parsed = csv.opened(self.decoded(source), **self._options)
        lines.number = line
        found: list[Row | BadRow] = []
        for row in csv.rows(lines, parsed, self._member.path, names, **self._options):
            found.append(row)
            if lines.number >= end:
                break
        return found, lines.number
