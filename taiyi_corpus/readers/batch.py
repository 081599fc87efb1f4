"""Rows many at a time: what a reader in batches yields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

KeyOrder = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]  # see `json_marks.key_order`
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows that follow each other; `rows` gives them as the reader of the format does.

    Where neither `cells` nor `objects` is there, something about the rows is out of the ordinary.
    """

    count: int  # rows, broken ones included
    rows: Callable[[], list[Row | BadRow]]
    places: Callable[[], pa.StringArray]  # where each row is
    cells: dict[str, pa.Array] | None = None  # column -> strings, or what JSON has
    objects: Callable[[], list[dict[str, Any]]] | None = None  # gives the rows of JSON
    order: Callable[[Sequence[str]], KeyOrder | None] | None = None  # of the keys of JSON


def in_order(rows: list[Row | BadRow]) -> Batch:
    """Return rows that are out of the ordinary as a batch."""
    return Batch(len(rows), rows.copy, lambda: pa.array([row.where for row in rows], pa.string()))


def numbered(member: Member, before: int, count: int) -> pa.StringArray:
    """Return the places of rows that each have a line; `before`: how many lines come before."""
    lines = pa.array(np.arange(before + 1, before + count + 1)).cast(pa.string())
    return pc.binary_join_element_wise(f"{member.path}:", lines, "")
