"""Sentences whose two arguments stand in tags, with a relation and its direction as one label.

    He took <e1>zincol</e1> and had <e2>a rash</e2>.      Cause(E1,E2)

A label without a direction ("Other") says that there is no relation. A mapping cannot cut tags out of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_TAG = re.compile(r"<(/?)(e[12])>")
_LABEL = re.compile(r"(\w+)\s*\(\s*[Ee]([12])\s*,\s*[Ee]([12])\s*\)")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each sentence its bare text, two mentions, and a relation from the first of the label to the second."""
    for row in rows:
        pieces, length, last = [], 0, 0
        places: dict[str, list[int]] = {"e1": [], "e2": []}
        for tag in _TAG.finditer(row.data["Text"]):
            pieces.append(row.data["Text"][last : tag.start()])
            length, last = length + len(pieces[-1]), tag.end()
            places[tag[2]].append(length)
        text = "".join([*pieces, row.data["Text"][last:]])
        if any(len(place) != 2 or place[0] >= place[1] for place in places.values()):
            yield BadRow(row.where, "one <e1>...</e1> and one <e2>...</e2>", text[:80], row.key)
            continue
        entities = [
            {"id": id_, "type": "concept", "spans": [place]} for id_, place in places.items()
        ]
        relations: list[dict[str, Any]] = []
        if label := _LABEL.fullmatch(row.data["Label"].strip()):
            agent, target = (f"e{number}" for number in label.groups()[1:])
            args = [{"role": "Agent", "ref": agent}, {"role": "Target", "ref": target}]
            relations.append({"type": label[1], "args": args})
        yield Row(
            row.where,
            row.key,
            {**row.data, "text": text, "entities": entities, "relations": relations},
        )
