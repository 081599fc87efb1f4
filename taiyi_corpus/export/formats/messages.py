"""messages: `id` and the chat messages, with what a trainer may want to select by."""

from __future__ import annotations

import pyarrow as pa

from taiyi_corpus.export.formats.format import MESSAGES, Format, Row, simply

_COLUMNS = ("id", "messages", "task", "language", "dataset")


def _row(row: Row) -> Row:
    return {name: row[name] for name in _COLUMNS}


FORMAT = Format(
    "messages",
    _COLUMNS,
    pa.schema(
        [
            ("id", pa.string()),
            ("messages", MESSAGES),
            *((name, pa.string()) for name in _COLUMNS[2:]),
        ]
    ),
    simply(_row),
)
