"""Passages with several questions and answers: each pair becomes a row.

A mapping cannot cut a row into records.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each pair {Q, A} of `annotations` with its passage and a `key`; a passage without pairs stays alone."""
    for row in rows:
        pairs = row.data.pop("annotations", None) or [{}]
        for number, pair in enumerate(pairs):
            key = f"{row.data['id']}-{number}"
            yield Row(f"{row.where}:{number}", key, {"key": key, **row.data, **pair})
