"""Lines of tab-separated cells under a header that names the last ones: rows by name.

In one file of the same release rows start with a number that the header does not name. Cells that were quoted, some
twice, are freed of their quotes. The reader of tables takes a cell too many for a broken row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_QUOTES = re.compile('"{2,}')


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each line under the names of its file's first line."""
    names: list[str] = []
    for row in rows:
        cells = row.data["text"].split("\t")
        if row.data["line"] == 1:
            names = cells
        elif len(cells) < len(names):
            yield BadRow(row.where, f"{len(names)} cells", f"{len(cells)}")
        else:
            last = map(_unquoted, cells[-len(names) :])
            yield Row(row.where, None, dict(zip(names, last, strict=True)))


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1]
    return _QUOTES.sub('"', cell)
