"""Concept identifiers that stand in lines of their own ("N1 OntoBiotope Annotation:T4 Referent:OBT:000123").

A mention may have several; each becomes "OntoBiotope:OBT:000123" in its list of `identifiers`.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each mention the identifiers that name it."""
    for row in rows:
        mentions = {entity["id"]: entity for entity in row.data.get("entities", [])}
        normalisations = row.data.pop("normalizations", [])
        if strays := [line["ref"] for line in normalisations if line["ref"] not in mentions]:
            yield BadRow(row.where, "an identifier of a mention", f"one of {strays[0]}")
            continue
        for line in normalisations:
            mentions[line["ref"]].setdefault("identifiers", []).append(f"{line['db']}:{line['id']}")
        yield row
