"""Clinical records in fields: one text, each part behind its heading.

A mapping joins fields, but cannot put headings before them nor leave out the heading of an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_PARTS = {"chief_complaint": "主诉", "medical_history": "现病史", "FDMR": "四诊"}


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `text`: a line "heading：part" for each part that is not empty."""
    for row in rows:
        said = [(heading, (row.data.get(name) or "").strip()) for name, heading in _PARTS.items()]
        text = "\n".join(f"{heading}：{part}" for heading, part in said if part)
        yield Row(row.where, row.key, row.data | {"text": text})
