"""Questions with an answer of each of several sources, a field `answer_<source>` each: each answer becomes a row.

A mapping cuts rows at lists, not at columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_PREFIX = "answer_"


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each answer as `answer` with its `answer_source`, the number of its question and a `key` of both."""
    for number, row in enumerate(rows):
        sources = [name for name in row.data if name.startswith(_PREFIX)]
        rest = {name: value for name, value in row.data.items() if name not in sources}
        for name in sources:
            source = name.removeprefix(_PREFIX)
            key = f"{number}_{source}"
            said = {
                "key": key,
                "row": str(number),
                "answer": row.data[name],
                "answer_source": source,
            }
            yield Row(f"{row.where}:{source}", key, rest | said)
