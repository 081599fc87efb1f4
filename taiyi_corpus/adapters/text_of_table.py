"""Standoff annotation whose texts stand in one table: the side table `texts`, with the columns `id` and `text`.

An annotation file and a text go together by the document's id. One without the other is broken.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each document its text."""
    texts = {row.data["id"]: row for row in side["texts"]}
    for row in rows:
        text = texts.pop(row.data["id"], None)
        if text is None:
            yield BadRow(
                row.where, "a text with the id of its annotation", f"none with {row.data['id']}"
            )
        else:
            row.data["text"] = text.data["text"]
            yield row
    for id_, text in texts.items():
        yield BadRow(text.where, "an annotation file for the text", f"none for {id_}")
