"""Worked answers in one text, the result last: all before the last line is the `rationale`.

An answer of one line is cut before its last sentence; one of a single sentence has no steps. A mapping cannot cut a
string in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True
_LAST_SENTENCE = re.compile(r"(?<=[。！；])(?=[^。！；]+[。！；]?$)")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Put `rationale` and `answer` in the place of `output`."""
    for row in rows:
        output = (row.data.pop("output", None) or "").strip()
        steps, _, result = output.rpartition("\n")
        if not steps and (cut := _LAST_SENTENCE.search(output)):
            steps, result = output[: cut.start()], output[cut.start() :]
        parts = {"rationale": steps.strip() or None, "answer": result.strip() or None}
        yield Row(row.where, row.key, row.data | parts)
