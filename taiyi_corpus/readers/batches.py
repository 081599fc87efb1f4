"""Rows of plain files many at a time, as Arrow columns or, where JSON has no one form, as objects.

Only what has one reading is taken so; of the rest, and of any row that is asked for by itself, the rows are those of
the reader of the format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taiyi_corpus.readers import json_batches, json_documents, table_batches
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.readers.slices import by_documents, sliceable
from taiyi_corpus.readers.span import Cut
from taiyi_corpus.sources.member import Member


def readable(format: str, options: Mapping[str, Any]) -> bool:
    """Return whether files of this format can be read in batches."""
    if format == "json":
        return options.get("encoding", "utf-8") == "utf-8" and not options.get("keys")
    if by_documents(format) or not sliceable(format, options):
        return False
    if format == "jsonl":
        return bool(options.get("encoding", "utf-8") == "utf-8")
    return bool(options.get("delimiter", ",").isascii())


def read(
    format: str, members: Sequence[Member], cut: Cut | None, options: Mapping[str, Any]
) -> Iterator[Batch]:
    """Yield the rows of files, or of a slice of one, in batches.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    if format == "json":
        yield from json_documents.read(members, options)
    for member in members if format != "json" else ():
        if format == "csv":
            yield from table_batches.read(member, cut, options)
        else:
            yield from json_batches.lines(member, cut)
