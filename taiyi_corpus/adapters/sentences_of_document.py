"""Documents of paragraphs of annotated sentences: each sentence becomes a row.

A mapping cannot cut a document into records.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each sentence as it is, with `document` and `key`, the ids of document, paragraph and sentence."""
    for row in rows:
        document = row.data["doc_id"]
        for paragraph in row.data["paragraphs"]:
            for sentence in paragraph["sentences"]:
                key = f"{document}-{paragraph['paragraph_id']}-{sentence['sentence_id']}"
                yield Row(f"{row.where}:{key}", key, {**sentence, "key": key, "document": document})
