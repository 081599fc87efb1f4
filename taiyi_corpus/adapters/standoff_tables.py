"""Texts whose mentions and relations stand in tables of their own, tied by a column `document`.

    texts       document, title, abstract
    entities    document, T1, CHEMICAL, 70, 78, Imatinib
    relations   document, INHIBITOR, Arg1:T1, Arg2:T13

The tables are the side tables `entities` and, where there is one, `relations`, whose columns arg1 and arg2 hold a role
and the id of a mention. A text that no row names has no mention. A mapping cannot look rows up by a key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each text its `entities`, and its `relations` where there is such a table."""
    entities = _by_document(side["entities"])
    relations = _by_document(side.get("relations", ()))
    for relation in (relation for listed in relations.values() for relation in listed):
        pairs = [relation.pop(name).partition(":") for name in ("arg1", "arg2")]
        relation["args"] = [{"role": role, "ref": ref} for role, _, ref in pairs]
    for row in rows:
        document = str(row.data.get("document") or row.key)
        row.data["entities"] = entities.get(document, [])
        if "relations" in side:
            row.data["relations"] = relations.get(document, [])
        yield row


def _by_document(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        data = dict(row.data)
        found[data.pop("document")].append(data)
    return dict(found)
