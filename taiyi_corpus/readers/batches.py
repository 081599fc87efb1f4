"""Rows of plain files many at a time, as Arrow columns or, where JSON has no one form, as objects.

Only what has one reading is taken so; of the rest, and of any row that is asked for by itself, the rows are those of
the reader of the format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from taiyi_corpus.readers import json_batches, table_batches
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.readers.slices import by_documents, sliceable
from taiyi_corpus.readers.span import Cut
from taiyi_corpus.sources.member import Member


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
    return json_batches.lines(member, cut)
