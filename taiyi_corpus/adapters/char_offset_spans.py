"""Sentences of the unified protein-interaction corpora: offsets as one attribute, nothing where there is nothing.

    <entity charOffset="65-71,82-87" ... />     first and last of each piece, the last exclusive

An element that does not occur is a list without items: the sentence was annotated and has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each entity `spans`, and each sentence its lists."""
    for row in rows:
        for part in ("entity", "interaction"):
            row.data.setdefault(part, [])
        try:
            for entity in row.data["entity"]:
                pieces = entity.pop("@charOffset").split(",")
                entity["spans"] = [[int(offset) for offset in piece.split("-")] for piece in pieces]
        except (KeyError, ValueError) as error:
            yield BadRow(row.where, 'charOffset="start-end,start-end"', str(error))
            continue
        yield row
