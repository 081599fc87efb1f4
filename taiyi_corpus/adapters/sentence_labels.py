"""Texts of a sentence a line, with a label file of the same name: each sentence becomes a row.

In the label file "<" opens the labels of the next sentence, "AND" joins several, "--" joins the levels of one. A
mapping cannot go through two texts side by side.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_NOTHING = ("", "NULL")  # how the label file says that a sentence has no label


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each sentence the top levels of its labels as `labels`, and the whole ones as `paths`."""
    labels = {row.key: row.data["text"] for row in side["labels"]}
    for row in rows:
        sentences = row.data["text"].strip("\n").split("\n")
        if row.key not in labels:
            yield BadRow(row.where, "a label file of the same name", "none")
            continue
        pieces = labels[row.key].split("<")[1:]
        if len(pieces) != len(sentences):
            yield BadRow(row.where, f"labels of {len(sentences)} sentences", f"of {len(pieces)}")
            continue
        for number, (sentence, piece) in enumerate(zip(sentences, pieces, strict=True)):
            paths = [path for raw in piece.split("AND") if (path := raw.strip()) not in _NOTHING]
            data = {
                "document": row.key,
                "text": sentence,
                "labels": [path.split("--")[0] for path in paths],
                "paths": paths,
            }
            yield Row(f"{row.where}:{number + 1}", f"{row.key}_{number}", data)
