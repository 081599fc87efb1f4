"""XML of annotated sentences (the unified form of protein interaction corpora), a document or a sentence a row.

    <document id="d0"> <sentence text="A binds B.">
        <entity id="e0" charOffset="0-1" text="A"/> <pair e1="e0" e2="e1" interaction="True"/>

Offsets count within a sentence, and some corpora list pairs that do not interact. A mapping cannot shift offsets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_PAIRS = ("interaction", "pair")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Join sentences by one space; what does not interact is listed under `no_interaction`."""
    for row in rows:
        data = _plain(row.data)
        text, passages, entities, relations, negative = "", [], [], [], []
        try:
            for sentence in row.data.get("sentence") or [row.data]:
                start = len(text) + 1 if text else 0
                text = f"{text} {sentence['@text']}" if text else sentence["@text"]
                passages.append({"type": "sentence", "start": start, "end": len(text)})
                entities += [_mention(item, start) for item in sentence.get("entity", [])]
                for pair in (_plain(item) for name in _PAIRS for item in sentence.get(name, [])):
                    args = [pair.pop("e1"), pair.pop("e2")]
                    if pair.pop("interaction", "True") == "False":
                        negative.append(args)
                    else:
                        roles = [{"role": f"Arg{n}", "ref": ref} for n, ref in enumerate(args, 1)]
                        relations.append({**pair, "args": roles})
        except (KeyError, ValueError) as error:
            yield BadRow(
                row.where, "text, charOffset, e1 and e2 of a sentence's parts", repr(error)
            )
            continue
        made = {"entities": entities, "relations": relations, "no_interaction": negative}
        yield Row(row.where, data.get("id"), {**data, "text": text, "passages": passages, **made})


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {name[1:]: value for name, value in item.items() if name.startswith("@")}


def _mention(item: dict[str, Any], start: int) -> dict[str, Any]:
    data = _plain(item)
    pieces = [piece.split("-") for piece in data.pop("charOffset").split(",")]
    return {**data, "spans": [[start + int(first), start + int(last)] for first, last in pieces]}
