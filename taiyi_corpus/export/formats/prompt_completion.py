"""prompt-completion: everything up to the last answer, and the last answer, both as lists of messages.

A trainer takes its loss on the completion, so of a dialogue only the last answer is trained; `messages` trains all.
"""

from __future__ import annotations

import pyarrow as pa

from taiyi_corpus.export.formats.format import MESSAGES, Format, Row, simply, talk_of


def _row(row: Row) -> Row:
    talk_of(row)  # a row whose turns do not alternate has no last answer
    return {"id": row["id"], "prompt": row["messages"][:-1], "completion": row["messages"][-1:]}


FORMAT = Format(
    "prompt-completion",
    ("id", "messages"),
    pa.schema([("id", pa.string()), ("prompt", MESSAGES), ("completion", MESSAGES)]),
    simply(_row),
)
