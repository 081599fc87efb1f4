"""Drug labels whose mentions count offsets within their section, and whose concepts stand with strings.

    <Mention id="M3" section="S1" type="AdverseReaction" start="22,34" len="3,4" str="eye pain"/>
    <Reaction id="AR1" str="eye pain"><Normalization id="AR1.N1" meddra_pt_id="10015958"/></Reaction>

`str` has every run of white space as one blank. A mapping can neither shift offsets nor join the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_BETWEEN = "\n"  # between two sections; their own white space stays


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Join the sections; give mentions with `ids` (MedDRA preferred terms), relations, and the reactions."""
    for row in rows:
        label = row.data
        starts: dict[str, int] = {}
        text = ""
        passages: list[dict[str, Any]] = []
        for section in _items(label, "Text", "Section"):
            start = len(text) + len(_BETWEEN) if passages else 0
            text = (
                f"{text}{_BETWEEN}{section.get('#text', '')}"
                if passages
                else section.get("#text", "")
            )
            starts[section["@id"]] = start
            passages.append({"type": section["@name"], "start": start, "end": len(text)})
        ids: defaultdict[str, list[str]] = defaultdict(list)
        for reaction in _items(label, "Reactions", "Reaction"):
            for norm in reaction.get("Normalization", []):
                if id_ := norm.get("@meddra_pt_id"):
                    ids[reaction["@str"]].append(id_)
        mentions = [
            _mention(item, starts, text, ids) for item in _items(label, "Mentions", "Mention")
        ]
        relations = [
            {"id": r["@id"], "type": r["@type"], "arg1": r["@arg1"], "arg2": r["@arg2"]}
            for r in _items(label, "Relations", "Relation")
        ]
        data = {"drug": label["@drug"], "text": text, "passages": passages, "entities": mentions}
        reactions = _items(label, "Reactions", "Reaction")
        yield Row(
            row.where, label["@drug"], {**data, "relations": relations, "reactions": reactions}
        )


def _items(label: dict[str, Any], group: str, name: str) -> list[dict[str, Any]]:
    found = label.get(group)
    return list(found.get(name, [])) if isinstance(found, dict) else []


def _mention(
    item: dict[str, Any], starts: dict[str, int], text: str, ids: dict[str, list[str]]
) -> dict[str, Any]:
    base = starts[item["@section"]]
    pairs = zip(item["@start"].split(","), item["@len"].split(","), strict=True)
    spans = [[base + int(start), base + int(start) + int(length)] for start, length in pairs]
    said = item["@str"]
    pieces = " ".join(text[start:end] for start, end in spans)
    squeezed = " ".join(pieces.split()) == " ".join(said.split())
    return {
        "id": item["@id"],
        "type": item["@type"],
        "spans": spans,
        "text": pieces if squeezed else said,
        "ids": ids.get(said.lower(), []) if item["@type"] == "AdverseReaction" else [],
    }
