"""The unified XML of the protein interaction corpora: sentences with mentions, and pairs of them that interact.

    <document id="d0" origId="123">
      <sentence id="s0" text="A binds B.">
        <entity id="e0" charOffset="0-1" text="A"/> <entity id="e1" charOffset="8-9" text="B"/>
        <pair id="p0" e1="e0" e2="e1" interaction="True"/>
      </sentence>
    </document>

    charOffset = first "-" last ("," first "-" last)*       counted within the sentence

A pair may be called `interaction`, and one without the attribute `interaction` interacts. The format does not say
whether the last character belongs to the mention; corpora differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from taiyi_corpus.readers import xml
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

_PAIRS = ("interaction", "pair")


def read(
    members: Sequence[Member], *, unit: Literal["document", "sentence"] = "document"
) -> Iterator[Row | BadRow]:
    """Read a row from each document, its sentences joined by one space, or from each sentence.

    A document has its sentences as `passages`, a sentence the attributes of its `document`. Pairs that do not interact
    are listed under `no_interaction`. Other attributes stay.

    Args:
        members: the files, in order.
        unit: what a row is.
    """
    for row in xml.read(members, record=unit, parents=["document"]):
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            data = _document(row.data) if unit == "document" else _sentence(row.data)
        except (KeyError, ValueError) as error:
            wanted = "text, charOffset, e1 and e2 of a sentence's parts"
            yield BadRow(row.where, wanted, f"{type(error).__name__}: {error}")
            continue
        yield Row(row.where, data.get("id"), data)


def _document(element: dict[str, Any]) -> dict[str, Any]:
    text = ""
    passages: list[dict[str, Any]] = []
    parts: dict[str, list[Any]] = {"entities": [], "relations": [], "no_interaction": []}
    for sentence in element.get("sentence", []):
        start = len(text) + 1 if text else 0
        text = f"{text} {sentence['@text']}" if text else sentence["@text"]
        passages.append({"type": "sentence", "start": start, "end": len(text)})
        for name, found in _annotation(sentence, start).items():
            parts[name] += found
    return {**_attributes(element), "text": text, "passages": passages, **parts}


def _sentence(element: dict[str, Any]) -> dict[str, Any]:
    around = {name[1:]: value for name, value in element["_parents"].get("document", {}).items()}
    said = _attributes(element)
    return {**said, "text": said["text"], "document": around, **_annotation(element, 0)}


def _annotation(sentence: dict[str, Any], start: int) -> dict[str, list[Any]]:
    """Return what is annotated in a sentence, its offsets moved by `start`."""
    relations, negative = [], []
    for pair in (_attributes(item) for name in _PAIRS for item in sentence.get(name, [])):
        args = [pair.pop("e1"), pair.pop("e2")]
        if pair.pop("interaction", "True") == "False":
            negative.append(args)
        else:
            roles = [{"role": f"Arg{n}", "ref": ref} for n, ref in enumerate(args, 1)]
            relations.append({**pair, "args": roles})
    entities = [_mention(item, start) for item in sentence.get("entity", [])]
    return {"entities": entities, "relations": relations, "no_interaction": negative}


def _mention(item: dict[str, Any], start: int) -> dict[str, Any]:
    data = _attributes(item)
    pieces = [piece.split("-") for piece in data.pop("charOffset").split(",")]
    return {**data, "spans": [[start + int(first), start + int(last)] for first, last in pieces]}


def _attributes(element: dict[str, Any]) -> dict[str, Any]:
    return {name[1:]: value for name, value in element.items() if name.startswith("@")}
