"""Rows in which the whole text is one mention: everything but the text is said of it.

A mapping cannot say how long a text is.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each row its text and one entity over all of it, which carries the other columns."""
    for row in rows:
        text = row.data["text"]
        entity = {**row.data, "spans": [[0, len(text)]]}
        yield Row(row.where, row.key, {"text": text, "entities": [entity]})
