"""Texts with their concepts, assertions and relations in files of the same stem, positioned by line and token.

    concepts     c="bar pain" 2:5 2:6||t="problem"
    assertions   c="bar pain" 2:5 2:6||t="problem"||a="present"
    relations    c="foocin" 2:3 2:3||r="TrAP"||c="bar pain" 2:5 2:6

These are the side tables of the same names. A text without a file of concepts has no gold. A mapping cannot
count tokens of lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.adapters._line_tokens import Segment, Tokens, segments
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each text its mentions, relations and, as attributes, assertions; a repeated concept is one."""
    files = {
        (name, row.key): row
        for name in ("concepts", "assertions", "relations")
        for row in side.get(name, ())
    }
    for row in rows:
        data: dict[str, Any] = {"id": row.key, "text": row.data["text"]}
        if ("concepts", row.key) not in files:
            yield Row(row.where, row.key, data)
            continue
        tokens, broken = Tokens(row.data["text"]), []
        found: dict[str, list[list[Segment]]] = {"concepts": [], "assertions": [], "relations": []}
        for name, lines in found.items():
            file = files.get((name, row.key))
            for number, line in enumerate(file.data["text"].splitlines() if file else (), 1):
                parts = segments(line.strip())
                if file and (not parts or not parts[0].places):
                    broken.append(
                        BadRow(f"{file.where}:{number}", 'c="text" l:t l:t||...', line[:80])
                    )
                elif parts:
                    lines.append(parts)
        yield from broken
        ids: dict[str, str] = {}
        entities: dict[str, dict[str, Any]] = {}
        for concept, kind in found["concepts"]:
            spans = tokens.spans(concept.places)
            name = f"T{len(entities) + 1}"
            entities.setdefault(
                f"{kind.text}{spans}", {"id": name, "type": kind.text, "spans": spans}
            )
            ids.setdefault(str(concept.places), entities[f"{kind.text}{spans}"]["id"])

        def ref(segment: Segment, ids: dict[str, str] = ids) -> str:
            return ids.get(str(segment.places), f"no concept at {segment.places}")

        data["entities"] = list(entities.values())
        data["relations"] = [
            {
                "type": kind.text,
                "args": [{"role": "Arg1", "ref": ref(head)}, {"role": "Arg2", "ref": ref(tail)}],
            }
            for head, kind, tail in found["relations"]
        ]
        data["attributes"] = [
            {"ref": ref(concept), "name": "assertion", "value": said.text}
            for concept, _, said in found["assertions"]
        ]
        yield Row(row.where, row.key, data)
