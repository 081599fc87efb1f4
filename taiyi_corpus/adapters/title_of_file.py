"""Books of a line a paragraph, in files named by their titles: each line learns the title of its book.

A file `all_books` repeats all others and is passed over. A mapping cannot see the name of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_ALL = "all_books"


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Add `title`, and `key` of title and line number."""
    for row in rows:
        title = PurePosixPath(row.where.rpartition(":")[0]).stem
        if title != _ALL:
            key = f"{title}-{row.data['line']}"
            yield Row(row.where, key, row.data | {"title": title, "key": key})
