"""Where the rows of a table or of JSON lines end, found by the block, so that a large file can be cut between them.

Cells are not looked into. What has its quotes where CSV does not want them goes through the parser, row by row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from taiyi_corpus.readers import csv as tables
from taiyi_corpus.readers.batch import BOM
from taiyi_corpus.readers.quotes import ASCII_BYTES, lone_return, outside, well_quoted
from taiyi_corpus.readers.span import Source
from taiyi_corpus.sources.member import Member

BLOCK = 1 << 20  # bytes looked at together
_LINE, _RETURN = ord("\n"), ord("\r")
_STARTS = np.isin(np.arange(256), [ord(mark) for mark in '{["'])  # what JSON values begin with


class Ends(NamedTuple):
    """Rows and blank lines that follow each other: the byte and the line at which each ends, and which are rows."""

    places: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]
    rows: npt.NDArray[np.bool_]


def json_lines(stream: BinaryIO, options: Mapping[str, Any]) -> Iterator[Ends]:
    """Yield the lines of a file; the first piece says where the first line begins."""
    encoding = options.get("encoding", "utf-8")
    source, line = Source(stream), 0
    yield _at(0, 0)
    while chunk := source.lines(BLOCK):
        raw = np.frombuffer(chunk, np.uint8)
        ends = _line_ends(raw)
        starts = _starts(ends)
        rows = _STARTS[raw[starts]]
        # A line that does not start like JSON may be white space beyond ASCII, and so a blank one.
        for at in np.flatnonzero(~rows):
            rows[at] = not chunk[starts[at] : ends[at]].decode(encoding).isspace()
        lines = np.arange(line + 1, line + len(ends) + 1)
        yield Ends(ends + source.place, lines, rows)
        source.take(len(chunk))
        line += len(ends)


def table(stream: BinaryIO, member: Member, options: Mapping[str, Any]) -> Iterator[Ends]:
    """Yield the rows of a table; the first piece says where the header ends.

    Raises:
        SourceError: the header is none.
        UnicodeDecodeError: bytes do not decode; where rows are plain nobody looks.
    """
    source = Source(stream)
    encoding, errors = options.get("encoding", "utf-8"), "strict"
    if options.get("bad_bytes") == "row":
        errors = "surrogateescape"
    mark = len(BOM) if encoding.startswith("utf-8") and source.block(len(BOM)) == BOM else 0
    source.take(mark)
    texts = (line.decode(encoding.removesuffix("-sig"), errors) for line in source)
    counted, parsed = tables.opened(texts, **options)
    tables.names_of(counted, parsed, member.path, **options)
    line = counted.number
    yield _at(source.place if line else 0, line)
    plain = _Plain(options)
    while block := source.block(BLOCK):
        last = len(block) < BLOCK
        if (found := plain.ends(block, last)) is not None:
            yield Ends(found.places + source.place, found.lines + line, found.rows)
            source.take(int(found.places[-1]))
            line += int(found.lines[-1])
            counted.number = line
            continue
        stop = source.place + len(block)
        made = list(_parsed(source, counted, parsed, stop))
        line = counted.number
        if made:
            yield Ends(*map(np.array, zip(*made, strict=True)))


def _parsed(
    source: Source, lines: tables.Lines, parsed: Iterator[list[str]], stop: int
) -> Iterator[tuple[int, int, bool]]:
    """Yield the rows up to a place as the parser finds them."""
    while source.place < stop:
        try:
            row = bool(next(parsed))
        except StopIteration:
            return
        except csv.Error:
            row = True
        yield source.place, lines.number, row


class _Plain:
    """Rows whose ends can be told by quotes and line ends alone."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._quotes = options.get("quoting", "minimal") == "minimal"
        self._delimiter = ord(options.get("delimiter", ","))
        self._clear = self._delimiter < 128 and options.get("encoding", "utf-8") in ASCII_BYTES

    def ends(self, block: bytes, last: bool) -> Ends | None:
        """Return the ends of the whole rows of a block, None where they cannot be told; `last`: the file ends here."""
        quoted = self._quotes and b'"' in block
        if (self._quotes and lone_return(block)) or (quoted and not self._clear):
            return None
        raw = np.frombuffer(block, np.uint8)
        ends = _line_ends(raw, last)
        lines = np.arange(1, len(ends) + 1)
        if quoted:
            whole = outside(raw, ends)
            ends, lines = ends[whole], lines[whole]
            if not len(ends) or not well_quoted(block[: ends[-1]], self._delimiter):
                return None
        if not len(ends):
            return None
        starts = _starts(ends)
        sizes = ends - starts
        bare = (raw[ends - 1] == _LINE).astype(np.int64)
        bare += (sizes > 1) & (raw[ends - 1] == _LINE) & (raw[ends - 2] == _RETURN)
        return Ends(ends, lines, sizes > bare)


def _line_ends(raw: npt.NDArray[np.uint8], last: bool = True) -> npt.NDArray[np.int64]:
    ends = np.flatnonzero(raw == _LINE) + 1
    if last and (not len(ends) or ends[-1] < len(raw)):
        ends = np.append(ends, len(raw))
    return ends


def _starts(ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], ends[:-1]))


def _at(place: int, line: int) -> Ends:
    return Ends(np.array([place]), np.array([line]), np.array([False]))
