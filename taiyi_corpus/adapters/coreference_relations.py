"""Coreference told by relations ("Coreference Subject:T9 Object:T3") besides sets: pairs join the sets they touch.

An object that is the trigger of an event stands for that event, since triggers are no mentions.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

KIND = "Coreference"


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Turn relations of coreference into coreference sets; sets that share a mention become one."""
    for row in rows:
        data = row.data
        if "relations" in data:
            events = {
                event["trigger"]["id"]: event["id"] for event in reversed(data.get("events", []))
            }
            sets = [list(refs) for refs in data.get("coreferences", [])]
            sets += [
                [events.get(arg["ref"], arg["ref"]) for arg in relation["args"]]
                for relation in data["relations"]
                if relation["type"] == KIND
            ]
            data["relations"] = [item for item in data["relations"] if item["type"] != KIND]
            data["coreferences"] = _joined(sets)
        yield row


def _joined(sets: list[list[str]]) -> list[list[str]]:
    joined: list[list[str]] = []
    for refs in sets:
        touched = [other for other in joined if not set(other).isdisjoint(refs)]
        joined = [other for other in joined if other not in touched]
        joined.append(list(dict.fromkeys(ref for part in (*touched, refs) for ref in part)))
    return joined
