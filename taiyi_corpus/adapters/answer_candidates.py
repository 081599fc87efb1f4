"""Candidate answers, a row each, marked right (1) or wrong (0): the rows of a question become one.

A mapping cannot gather rows. Rows of one question stand together in the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each question with `answers`, the right ones, and `wrong_answers`."""
    for id_, group in itertools.groupby(rows, key=lambda row: row.data["id"]):
        first, *others = group
        candidates = [row.data for row in (first, *others)]
        sorted_out = {
            name: [data["answer"] for data in candidates if data["label"].strip() == label]
            for name, label in (("answers", "1"), ("wrong_answers", "0"))
        }
        data = {key: first.data[key] for key in ("id", "department", "question")}
        yield Row(first.where, id_, data | sorted_out)
