"""Rows many at a time: what a reader in batches yields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows that follow each other; `rows` gives them as the reader of the format does.

    Where neither `cells` nor `objects` is there, something about the rows is out of the ordinary.
    """

    count: int  # rows, broken ones included
    rows: Callable[[], list[Row | BadRow]]
    places: Callable[[], list[str]]  # where each row is
    cells: dict[str, pa.Array] | None = None  # column -> strings
    objects: list[dict[str, Any]] | None = None


def in_order(rows: list[Row | BadRow]) -> Batch:
    """Return rows that are out of the ordinary as a batch."""
    return Batch(len(rows), rows.copy, lambda: [row.where for row in rows])


def numbered(member: Member, before: int, count: int) -> list[str]:
    """Return the places of rows that each have a line; `before`: how many lines come before."""
    return [f"{member.path}:{line}" for line in range(before + 1, before + count + 1)]
