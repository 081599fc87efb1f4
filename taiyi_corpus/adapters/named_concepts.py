"""Sentences annotated with concepts: each has names, each name its places, and interactions hold between concepts.

    {"label": "protein", "names": {"Alpha factor": {"mentions": [[0, 12]]}, "AF": {"mentions": [[14, 16]]}},
     "grounding": {"source": "uniprot", "link": "https://www.uniprot.org/uniprot/P00001"}}

Each place is a mention; the mentions of a concept are a coreference set, and a relation names the first one of each
concept. A mapping cannot flatten this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_ANSWERS = {1: "bind", 0: "bind_unclear", -1: "no_bind"}  # whether two concepts bind


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give mentions ("T2.1" is the second one of concept 2), coreferences and relations."""
    for row in rows:
        concepts = row.data.pop("entities")
        mentions = [_mentions(n, concept) for n, concept in enumerate(concepts)]
        relations = []
        for pair in row.data.pop("interactions"):
            label, members = pair.pop("label"), pair.pop("participants")
            if label not in _ANSWERS or not all(0 <= n < len(mentions) for n in members):
                yield BadRow(
                    row.where, f"a label of {sorted(_ANSWERS)} and concepts", repr(members)
                )
                break
            args = [
                {"role": f"Arg{place}", "ref": mentions[n][0]["id"]}
                if mentions[n]
                else {"role": f"Arg{place}", "text": next(iter(concepts[n]["names"]), None)}
                for place, n in enumerate(members, 1)
            ]
            rest = {"kind": pair.pop("type", None), **pair}
            relations.append({**rest, "type": _ANSWERS[label], "args": args})
        else:
            row.data.pop("_line_", None)
            found = {
                "entities": [mention for group in mentions for mention in group],
                "coreferences": [[m["id"] for m in group] for group in mentions if len(group) > 1],
                "relations": relations,
            }
            yield Row(row.where, row.data.get("id"), {**row.data, **found})


def _mentions(number: int, concept: dict[str, Any]) -> list[dict[str, Any]]:
    grounding = concept.get("grounding") or {}
    id_ = (grounding.get("link") or "").rstrip("/").rpartition("/")[2]
    places = sorted(
        (start, end, name)
        for name, said in concept["names"].items()
        for start, end in said.get("mentions", [])
    )
    flags = {key: True for key in ("is_mutant", "is_state") if concept.get(key)}
    known = {"concept": id_, "grounding": grounding} if id_ and id_ != "NA" else {}
    return [
        {
            "id": f"T{number}.{place}",
            "type": concept["label"],
            "spans": [[start, end]],
            "text": name,
            **known,
            **flags,
        }
        for place, (start, end, name) in enumerate(places)
    ]
