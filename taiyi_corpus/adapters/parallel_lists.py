"""One object of equally long lists: the n-th elements of all lists become a row.

A mapping sees one row at a time and cannot cut it.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give a row for each position, under the names of the lists."""
    for row in rows:
        lengths = {name: len(values) for name, values in row.data.items()}
        if len(set(lengths.values())) > 1:
            yield BadRow(row.where, "lists of one length", repr(lengths))
            continue
        for position, values in enumerate(zip(*row.data.values(), strict=True)):
            yield Row(f"{row.where}[{position}]", None, dict(zip(row.data, values, strict=True)))
