"""Questions with paraphrases, in a flat list or in a list of lists: the first is the question.

    {"questions": [["Is a cold catching?", "How catching is a cold?"]], "answers": [...]}
    {"questions": ["Is a cold catching?"], "answers": [...]}

A mapping has no path that fits both.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Put `question` and `paraphrases` in the place of `questions`."""
    for row in rows:
        flat: list[str] = []
        for item in row.data.pop("questions", None) or []:
            flat += item if isinstance(item, list) else [item]
        asked = {"question": flat[0] if flat else None, "paraphrases": flat[1:]}
        yield Row(row.where, row.key, row.data | asked)
