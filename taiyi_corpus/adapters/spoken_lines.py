"""Consultations as blocks of lines, in which "Patient:" or "Doctor:" alone on a line opens a turn: each turn a row.

The block has an id, the page, a section "Description" and a section "Dialogue"; a turn may hold blank lines and stray
carriage returns. A mapping cannot tell the lines that open a part from those inside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_SPEAKERS = {"Patient:": "patient", "Doctor:": "doctor"}


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each turn as `{dialogue, speaker, text, description, url}`."""
    for row in rows:
        lines = [line.strip() for line in row.data["lines"]]
        if "Dialogue" not in lines:
            yield BadRow(row.where, "a section 'Dialogue'", repr(lines[:5]))
            continue
        start = lines.index("Dialogue")
        described = lines.index("Description") + 1 if "Description" in lines[:start] else start
        around = {
            "url": next((line for line in lines[1:start] if line.startswith("http")), None),
            "description": "\n".join(filter(None, lines[described:start])),
        }
        turns: list[tuple[str, list[str]]] = []
        for line in lines[start + 1 :]:
            if line in _SPEAKERS:
                turns.append((_SPEAKERS[line], []))
            elif line and turns:
                turns[-1][1].append(line)
        for number, (speaker, said) in enumerate(turns):
            data = {"dialogue": row.key, "speaker": speaker, "text": "\n".join(said), **around}
            yield Row(f"{row.where}[{number}]", f"{row.key}_{number}", data)
