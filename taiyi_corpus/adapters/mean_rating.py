"""Rows with a rating by each rater: the mean of the columns "rater_..." becomes `mean`.

A mapping cannot reckon. A rater who gave no rating does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `mean`."""
    for row in rows:
        given = {name: value for name, value in row.data.items() if name.startswith("rater_")}
        try:
            ratings = [float(value) for value in given.values() if value]
        except ValueError:
            ratings = []
        if not ratings:
            yield BadRow(row.where, "a number from one rater at least", repr(given))
            continue
        yield Row(row.where, row.key, {**row.data, "mean": round(fmean(ratings), 4)})
