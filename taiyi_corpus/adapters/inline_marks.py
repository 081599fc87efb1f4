"""Articles whose title and abstract have their mentions marked inside the text (`mixed` of the XML reader).

    <Title>The <gene g_id="99" g_lex="ABC1">ABC1</gene> gene</Title>

A mapping cannot join two texts and move the marks of the second, nor see that "g_id" and "v_id" are the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Join title and abstract by one space; an element is a mention of its tag's type, with `id` as said there."""
    for row in rows:
        text = ""
        passages: list[dict[str, Any]] = []
        entities: list[dict[str, Any]] = []
        for name in ("Title", "Abstract"):
            part = row.data.pop(name, None)
            if not part or not part["#text"]:
                continue
            start = len(text) + 1 if text else 0
            text = f"{text} {part['#text']}" if text else part["#text"]
            passages.append({"type": name.lower(), "start": start, "end": len(text)})
            for mark in part["#marks"]:
                span = [start + mark["start"], start + mark["end"]]
                said = {key.partition("_")[2]: value for key, value in mark.items() if "_" in key}
                entities.append({"type": mark["#tag"], "spans": [span], **said})
        yield Row(
            row.where,
            row.key,
            {**row.data, "text": text, "passages": passages, "entities": entities},
        )
