"""Questions with several answer elements: each answer becomes a row.

    <question><text/><answer><justification/><docid/><sentences/></answer><answer>...</answer></question>

The kind of the questions stands only in the name of the file: the last three letters of its third part from the end,
where dots set parts off ("x.perfect-HOW.gold.xml"). A mapping cannot cut a row into records.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_KINDS = ("how", "why")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each answer with the text of its question, and its `kind` where the name of the file says it."""
    for row in rows:
        parts = PurePosixPath(row.where.split(":")[0]).name.split(".")
        kind = parts[-3][-3:].lower() if len(parts) > 2 else ""
        for number, answer in enumerate(row.data.get("answer") or []):
            data = {"question": row.data["text"], **answer}
            if kind in _KINDS:
                data["kind"] = kind
            yield Row(f"{row.where}:{number}", None, data)
