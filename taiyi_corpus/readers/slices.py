"""Large files in slices: where JSON lines, tables and annotated documents may be cut, and reading one slice.

A file is scanned once, by the rules of its reader but without looking into cells, for bounds between rows about 16 MiB
apart, or 8 MiB where rows are annotated documents, which take longer. They depend on the file alone, so what is made of
a file does not depend on who reads which slice.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import csv as tables
from taiyi_corpus.readers import document_cuts, jsonl, pubtator
from taiyi_corpus.readers.decode import open_text, undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.span import Cut, opened_bytes
from taiyi_corpus.sources.member import Member

SLICE = 1 << 24  # bytes
_DOCUMENTS = 1 << 23  # the same, of annotated documents
_SHRUNK = 4  # how many times texts are smaller when packed
_PACKED = 8  # slices at most of what is packed: each unpacks, or looks through, what lies before it
# Encodings in which a line feed is the byte 10 and that byte is nothing else.
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "latin-1", "cp1252", "gbk", "gb18030"})

_ASCII_BYTES = _ENCODINGS - {"gbk", "gb18030"}  # bytes of ASCII are nothing else, either

_STARTS = frozenset({b"{", b"[", b'"'})


def sliceable(format: str, options: Mapping[str, Any]) -> bool:
    """Return whether files of this format may be cut between rows."""
    if format in _CUTS:
        return options.get("encoding", "utf-8") in _ASCII_BYTES
    if options.get("encoding", "utf-8") not in _ENCODINGS:
        return False
    return format == "csv" or (format == "jsonl" and options.get("path", ".") == ".")


def by_documents(format: str) -> bool:
    """Return whether files of this format are cut between documents, which a scan does not count."""
    return format in _CUTS


def size_of(format: str) -> int:
    """Return how large a slice is, in bytes."""
    return min(_DOCUMENTS, SLICE) if format in _HEAVY else SLICE


def bytes_in(member: Member) -> int:
    """Return about how many bytes a member has: of what is packed by itself only the packed size is known."""
    return member.size * (_SHRUNK if member.inner == "" else 1)


def least(format: str, members: Sequence[Member]) -> int:
    """Return how large a slice of these files is, in bytes: not many are made of what is packed."""
    if all(member.inner is None for member in members):
        return size_of(format)
    return max(size_of(format), sum(member.size for member in members) // _PACKED)


def scan(format: str, member: Member, options: Mapping[str, Any]) -> list[Cut] | None:
    """Return the slices of a file, and last an empty one that says how many lines and rows it has.

    A table or a file of JSON lines in an archive is one slice: its bytes cannot be reached but from the first. None
    where nothing can be told: reading the file whole will say what is wrong with it.
    """
    try:
        with member.open() as stream:
            if format in _CUTS:
                return _document_cuts(format, member, stream)
            lines = _Counting(stream)
            rows = _SCANS[format](lines, member, options)
            return _cuts(rows, lines, SLICE if member.inner is None else sys.maxsize)
    except (UnicodeDecodeError, SourceError):
        return None


def read(
    format: str,
    member: Member,
    cut: Cut,
    options: Mapping[str, Any],
    wanted: Callable[[str], bool] | None = None,
) -> Iterator[Row | BadRow]:
    """Yield the rows of one slice, as the reader of the format yields them for the whole file.

    Args:
        wanted: which keys are, for a reader that passes over others.

    Raises:
        SourceError: bytes do not decode.
    """
    if format == "pubtator":
        return _read_pubtator(member, cut, options, wanted)
    return _READS[format](member, cut, options)


def _document_cuts(format: str, member: Member, stream: BinaryIO) -> list[Cut] | None:
    cuts = _CUTS[format](stream, size_of(format))
    if not cuts:
        return cuts
    if member.inner is not None:  # how large it is was not known before
        step = -(-len(cuts) // _PACKED)
        runs = [cuts[at : at + step] for at in range(0, len(cuts), step)]
        cuts = [Cut(run[0].start, run[-1].end, run[0].line, run[0].row) for run in runs]
    return [*cuts, Cut(cuts[-1].end, cuts[-1].end, 0, 0)]


class _Counting:
    """Lines of a file as bytes, counted."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes = self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._stream:
            self.bytes += len(line)
            self.lines += 1
            yield line


def _cuts(rows: Iterator[bool], lines: _Counting, size: int) -> list[Cut]:
    """Return the slices; `rows` yields, having read it, whether what it read was a row."""
    cuts: list[Cut] = []
    next(rows)  # the header is read
    start, line, row, count = lines.bytes, lines.lines, 0, 0
    for was_row in rows:
        count += was_row
        if lines.bytes - start >= size:
            cuts.append(Cut(start, lines.bytes, line, row))
            start, line, row = lines.bytes, lines.lines, count
    if lines.bytes > start:
        cuts.append(Cut(start, lines.bytes, line, row))
    return [*cuts, Cut(lines.bytes, lines.bytes, lines.lines, count)]


def _scan_jsonl(lines: _Counting, member: Member, options: Mapping[str, Any]) -> Iterator[bool]:
    encoding = options.get("encoding", "utf-8")
    yield False
    for line in lines:
        # A line that does not start like JSON may be white space beyond ASCII, and so a blank one.
        yield line[:1] in _STARTS or not line.decode(encoding).isspace()


def _scan_csv(lines: _Counting, member: Member, options: Mapping[str, Any]) -> Iterator[bool]:
    encoding, errors = options.get("encoding", "utf-8"), "strict"
    if options.get("bad_bytes") == "row":
        errors = "surrogateescape"
    first = "utf-8-sig" if encoding == "utf-8" else encoding
    texts = (line.decode(first if lines.lines == 1 else encoding, errors) for line in lines)
    counted, parsed = tables.opened(texts, **options)
    tables.names_of(counted, parsed, member.path, **options)
    yield False
    while True:
        try:
            cells = next(parsed)
        except StopIteration:
            return
        except csv.Error:
            cells = [""]
        yield bool(cells)


def _read_jsonl(member: Member, cut: Cut, options: Mapping[str, Any]) -> Iterator[Row | BadRow]:
    with _opened(member, cut, options, "strict") as file:
        yield from jsonl.rows(file, member.path, [], cut.line, first=cut.row == 0)


def _read_csv(member: Member, cut: Cut, options: Mapping[str, Any]) -> Iterator[Row | BadRow]:
    errors = "surrogateescape" if options.get("bad_bytes") == "row" else "strict"
    with open_text(member, options.get("encoding", "utf-8"), errors=errors) as file:
        names = tables.names_of(*tables.opened(file, **options), member.path, **options)
    with _opened(member, cut, options, errors) as file:
        lines, parsed = tables.opened(file, **options)
        lines.number = cut.line
        yield from tables.rows(lines, parsed, member.path, names, **options)


@contextmanager
def _opened(member: Member, cut: Cut, options: Mapping[str, Any], errors: str) -> Iterator[TextIO]:
    encoding = options.get("encoding", "utf-8")
    if encoding == "utf-8" and not cut.start:
        encoding = "utf-8-sig"
    with opened_bytes(member, cut) as stream:
        try:
            yield io.TextIOWrapper(stream, encoding, errors, "\n")
        except UnicodeDecodeError as error:
            raise undecodable(member, options.get("encoding", "utf-8")) from error


def _read_pubtator(
    member: Member, cut: Cut, options: Mapping[str, Any], wanted: Callable[[str], bool] | None
) -> Iterator[Row | BadRow]:
    with opened_bytes(member, cut) as stream:
        yield from pubtator.documents(stream, member.path, cut.line, wanted, **options)


def _read_bioc(member: Member, cut: Cut, options: Mapping[str, Any]) -> Iterator[Row | BadRow]:
    with opened_bytes(member, cut) as stream:
        yield from document_cuts.bioc_rows(member, cut, stream, options)


_CUTS: dict[str, Callable[[BinaryIO, int], list[Cut] | None]] = {
    "bioc_xml": document_cuts.bioc_cuts,
    "pubtator": document_cuts.pubtator_cuts,
}
_HEAVY = frozenset({*_CUTS, "bionlp", "brat"})
_SCANS: dict[str, Callable[[_Counting, Member, Mapping[str, Any]], Iterator[bool]]] = {
    "csv": _scan_csv,
    "jsonl": _scan_jsonl,
}
_READS: dict[str, Callable[[Member, Cut, Mapping[str, Any]], Iterator[Row | BadRow]]] = {
    "bioc_xml": _read_bioc,
    "csv": _read_csv,
    "jsonl": _read_jsonl,
}
