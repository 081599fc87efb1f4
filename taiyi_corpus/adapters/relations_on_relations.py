"""Relations between mentions given by their offsets, one of which may lie inside another: all of them with ids.

    {"head": {mention, start_idx, end_idx}, "relation": 1, "tail": {type: mention, mention, start_idx, end_idx}}
    {"head": {...}, "relation": 2, "tail": {type: relation, head: {...}, relation: 1, tail: {...}}}

1 is cause and effect, 2 a condition and the causal relation that holds under it, 3 hypernym and hyponym. A mention or
relation has no id, and a mapping cannot give it one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

# relation -> roles of head and tail
_ROLES = {1: ("Cause", "Effect"), 2: ("Condition", "Consequence"), 3: ("Hypernym", "Hyponym")}


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `entities` and `relations`; a relation inside another is the one listed by itself, where there is one."""
    for row in rows:
        listed = row.data.get("relation_of_mention")
        if listed is None:
            yield row
            continue
        if unknown := [item["relation"] for item in listed if item["relation"] not in _ROLES]:
            yield BadRow(row.where, f"relations of {list(_ROLES)}", repr(unknown[0]))
            continue
        entities: dict[tuple[Any, ...], dict[str, Any]] = {}
        relations: dict[tuple[Any, ...], dict[str, Any]] = {}
        # What stands by itself first, so that the numbers follow the source.
        for item in sorted(listed, key=lambda item: "relation" in item["tail"]):
            _relation(item, entities, relations)
        added = {"entities": list(entities.values()), "relations": list(relations.values())}
        yield Row(row.where, row.key, row.data | added)


def _mention(item: dict[str, Any], entities: dict[tuple[Any, ...], dict[str, Any]]) -> str:
    key = (item["start_idx"], item["end_idx"], item["mention"])
    made = {"id": f"T{len(entities) + 1}", "spans": [list(key[:2])], "text": item["mention"]}
    return str(entities.setdefault(key, made)["id"])


def _relation(
    item: dict[str, Any],
    entities: dict[tuple[Any, ...], dict[str, Any]],
    relations: dict[tuple[Any, ...], dict[str, Any]],
) -> str:
    head, tail, type_ = _mention(item["head"], entities), item["tail"], item["relation"]
    ref = _relation(tail, entities, relations) if "relation" in tail else _mention(tail, entities)
    args = [
        {"role": role, "ref": id_} for role, id_ in zip(_ROLES[type_], (head, ref), strict=True)
    ]
    made = {"id": f"R{len(relations) + 1}", "type": type_, "args": args}
    return str(relations.setdefault((type_, head, ref), made)["id"])
