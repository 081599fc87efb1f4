"""Structures to be written from a text: the structure as the JSON text that an instruction asks for.

A mapping takes strings, and the structure is a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `target`, the field `tree` as one line of JSON, where there is a tree."""
    for row in rows:
        tree = row.data.get("tree")
        yield Row(
            row.where,
            row.key,
            row.data | ({"target": json.dumps(tree, ensure_ascii=False)} if tree else {}),
        )
