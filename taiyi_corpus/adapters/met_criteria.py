"""Records with an element a criterion, which is met or not; those met are the labels.

    <TAGS><ABDOMINAL met="not met" /><HBA1C met="met" /></TAGS>      (`mixed: [TAGS]` of the XML reader)

A mapping cannot take some elements of a list and leave others.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each record the criteria that are met as `labels`."""
    for row in rows:
        marks = row.data.pop("TAGS", {"#marks": []})["#marks"]
        if wrong := [mark for mark in marks if mark.get("@met") not in ("met", "not met")]:
            found = f"{wrong[0]['#tag']} {wrong[0].get('@met')!r}"
            yield BadRow(row.where, 'met="met" or met="not met"', found, row.key)
            continue
        labels = [mark["#tag"] for mark in marks if mark["@met"] == "met"]
        yield Row(row.where, row.key, {**row.data, "labels": labels if marks else None})
