"""Worked answers "steps #### result": the steps become `rationale`, the result `result`.

The steps carry calculator marks ("2+3=<<2+3=5>>5"), which are no part of the text; the answer as written stays in the
row. A mapping cannot cut a string in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_MARK = re.compile(r"<<[^<>]*>>")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `rationale` and `result`."""
    for row in rows:
        answer = row.data.get("answer") or ""
        steps, sign, result = answer.rpartition("#### ")
        if not sign or not result.strip():
            yield BadRow(
                row.where, 'an answer that ends in "#### " and a number', repr(answer[-40:])
            )
            continue
        rationale = _MARK.sub("", steps).strip()
        yield Row(
            row.where, row.key, {**row.data, "rationale": rationale, "result": result.strip()}
        )
