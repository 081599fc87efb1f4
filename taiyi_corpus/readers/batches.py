"""Rows of plain files many at a time: the cells of a table as Arrow columns, the objects of JSON lines as a list.

Only what has one reading is taken so; of the rest, and of any row that is asked for by itself, the rows are those of
the reader of the format.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from taiyi_corpus.readers import jsonl, table_batches
from taiyi_corpus.readers.batch import BOM, Batch, in_order, numbered
from taiyi_corpus.readers.decode import undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.slices import by_documents, sliceable
from taiyi_corpus.readers.span import Cut, opened_bytes
from taiyi_corpus.sources.member import Member

BLOCK = (
    1 << 19
)  # bytes read at a time; what is made of more of them is too large to stay near the processor
_decode = msgspec.json.Decoder().decode


def readable(format: str, options: Mapping[str, Any]) -> bool:
    """Return whether files of this format can be read in batches."""
    if by_documents(format) or not sliceable(format, options):
        return False
    if format == "jsonl":
        return bool(options.get("encoding", "utf-8") == "utf-8")
    return bool(options.get("delimiter", ",").isascii())


def read(
    format: str, member: Member, cut: Cut | None, options: Mapping[str, Any]
) -> Iterator[Batch]:
    """Yield the rows of a file, or of a slice of it, in batches.

    Raises:
        SourceError: the file cannot be read as its format says.
    """
    if format == "csv":
        return table_batches.read(member, cut, options)
    return _json_lines(member, cut)


def _json_lines(member: Member, cut: Cut | None) -> Iterator[Batch]:
    line, first = (cut.line, cut.row == 0) if cut else (0, True)
    with opened_bytes(member, cut) as stream:
        while lines := stream.readlines(BLOCK):
            if line == 0:
                lines[0] = lines[0].removeprefix(BOM)
            if lines == [b""]:  # nothing but a mark
                return
            batch = _objects(lines, member, line, first)
            line += len(lines)
            first = first and not (
                batch.objects or any(isinstance(row, Row) for row in batch.rows())
            )
            yield batch


def _objects(lines: Sequence[bytes], member: Member, before: int, first: bool) -> Batch:
    """Return the rows of some lines; `first`: no row comes before."""
    collects = gc.isenabled()
    gc.disable()  # what is decoded has no cycles, and to look for them takes a third of the time
    try:
        values = [_decode(line) for line in lines]
    except (ValueError, RecursionError):
        values = []
    finally:
        if collects:
            gc.enable()
    if set(map(type, values)) == {dict}:

        def good() -> list[Row | BadRow]:
            return [
                Row(f"{member.path}:{line}", None, value)
                for line, value in enumerate(values, before + 1)
            ]

        return Batch(
            len(values), good, lambda: numbered(member, before, len(values)), objects=values
        )
    try:
        texts = [line.decode() for line in lines]
    except UnicodeDecodeError as error:
        raise undecodable(member, "utf-8") from error
    rows = list(jsonl.rows(texts, member.path, [], before, first=first))
    return in_order(rows)
