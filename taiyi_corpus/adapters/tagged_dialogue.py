"""Dialogues with a tag for each character of each utterance: one text a dialogue, with the tagged mentions in it.

The tags are "O", "B-<type>" and "I-<type>", joined by blanks. `symptom_norm` and `symptom_type` list a name and status
for each Symptom mention of the utterance, in order. A mapping cannot turn tags into offsets, nor move them from an
utterance to the dialogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

Mention = dict[str, Any]


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `text` (a line "speaker：utterance" each), `passages` and `entities`, these only where there are tags.

    An entity has `norm` and `status` where they are listed, and `kind`: its type, with the status behind a hyphen.
    """
    for row in rows:
        lines: list[str] = []
        passages: list[dict[str, Any]] = []
        mentions: list[Mention] | None = None
        broken = ""
        start = 0
        for said in row.data["dialogue"]:
            line = f"{said['speaker']}：{said['sentence']}"
            passages.append({"type": said["speaker"], "start": start, "end": start + len(line)})
            if (tags := said.get("BIO_label")) is not None:
                if len(tags.split()) != len(said["sentence"]):
                    broken = f"{len(tags.split())} for {len(said['sentence'])} in utterance {len(lines) + 1}"
                offset = start + len(line) - len(said["sentence"])
                mentions = (mentions or []) + _mentions(said, tags.split(), offset)
            lines.append(line)
            start += len(line) + 1
        if broken:
            yield BadRow(row.where, "a tag for each character", broken)
            continue
        added = {"text": "\n".join(lines), "passages": passages, "entities": mentions}
        yield Row(
            row.where,
            row.key,
            row.data | {name: part for name, part in added.items() if part is not None},
        )


def _mentions(said: dict[str, Any], tags: list[str], offset: int) -> list[Mention]:
    found: list[Mention] = []
    open_type = ""
    for at, tag in enumerate(tags):
        begins, _, type_ = tag.partition("-")
        if type_ and begins == "I" and type_ == open_type:
            found[-1]["spans"][0][1] = offset + at + 1
        elif type_:
            found.append({"type": type_, "kind": type_, "spans": [[offset + at, offset + at + 1]]})
        open_type = type_
    symptoms = [mention for mention in found if mention["type"] == "Symptom"]
    listed = zip_longest(said.get("symptom_norm") or [], said.get("symptom_type") or [])
    for mention, (norm, status) in zip(symptoms, listed, strict=False):
        mention |= {"norm": norm, "status": status, "kind": f"Symptom-{status}"}
    return found
