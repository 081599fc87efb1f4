"""Large files in slices: where JSON lines, tables and annotated documents may be cut, and reading one slice.

A file is scanned once, by the rules of its reader but without looking into cells, for bounds between rows at most about
16 MiB apart, or 8 MiB where rows are annotated documents, which take longer. They depend on the file alone, so what is
made of a file does not depend on who reads which slice.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

import numpy as np

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import csv as tables
from taiyi_corpus.readers import document_cuts, jsonl, pubtator, row_ends
from taiyi_corpus.readers.decode import open_text, undecodable
from taiyi_corpus.readers.quotes import ASCII_BYTES
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.row_ends import Ends
from taiyi_corpus.readers.span import Cut, opened_bytes
from taiyi_corpus.sources.member import Member

SLICE = 1 << 24  # bytes
_DOCUMENTS = 1 << 23  # the same, of annotated documents
_SHRUNK = 4  # how many times texts are smaller when packed
_PACKED = 8  # slices at most of what is packed: each unpacks, or looks through, what lies before it
# Encodings in which a line feed is the byte 10 and that byte is nothing else.
_ENCODINGS = ASCII_BYTES | {"gbk", "gb18030"}


def sliceable(format: str, options: Mapping[str, Any]) -> bool:
    """Return whether files of this format may be cut between rows."""
    if format in _CUTS:
        return options.get("encoding", "utf-8") in ASCII_BYTES
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
    """Return how large a slice of these files is, in bytes: few are made of what must be unpacked from its start."""
    if all(member.inner is None or member.place is not None for member in members):
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
            if format == "csv":
                return _cuts(row_ends.table(stream, member, options), _even(member))
            return _cuts(row_ends.json_lines(stream, options), _even(member))
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


def _cuts(found: Iterator[Ends], size: int) -> list[Cut]:
    """Return the slices: each ends with the first row that makes it large enough."""
    cuts: list[Cut] = []
    (start,), (line,), _ = next(found)  # the header is read
    end, lines, row, count = start, line, 0, 0
    for ends in found:
        counts = count + np.cumsum(ends.rows)
        while (at := int(np.searchsorted(ends.places, start + size))) < len(counts):
            cuts.append(Cut(int(start), int(ends.places[at]), int(line), row))
            start, line, row = ends.places[at], ends.lines[at], int(counts[at])
        end, lines, count = ends.places[-1], ends.lines[-1], int(counts[-1])
    if end > start:
        cuts.append(Cut(int(start), int(end), int(line), row))
    return [*cuts, Cut(int(end), int(end), int(lines), count)]


def _even(member: Member) -> int:
    """Return how large the slices of a file are, so that they are alike; what is packed is one."""
    if member.inner is not None:
        return sys.maxsize
    return -(-member.size // max(1, -(-member.size // SLICE)))


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
_READS: dict[str, Callable[[Member, Cut, Mapping[str, Any]], Iterator[Row | BadRow]]] = {
    "bioc_xml": _read_bioc,
    "csv": _read_csv,
    "jsonl": _read_jsonl,
}
