"""Right options counted from 1 (`cop`): the number from 0 becomes `option`.

A mapping counts options from 0. A row without a number, or with -1, has no gold.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Add `option`."""
    for row in rows:
        number = row.data.get("cop")
        option = number - 1 if isinstance(number, int) and number > 0 else None
        yield Row(row.where, row.key, {**row.data, "option": option})
