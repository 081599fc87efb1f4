"""Sections of labelled lines: a consultation as a text of headed sections, made one row of named parts.

    id=7
    https://...                    the page
    Doctor faculty                 heading; hospital and department
    Description                    heading; labels that end in a colon, each with its value on the next lines
    Dialogue                       heading; a speaker mark alone on a line, then what is said, blank lines included
    Diagnosis and suggestions      heading, not always there; labels and values again

A mapping cannot tell the line that opens a part from the lines inside it. A value moves to the line of its label
("疾病：胃炎"); a label without one stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

ROW_BY_ROW = True
_SECTIONS = {
    "Doctor faculty": "faculty",
    "Description": "description",
    "Dialogue": "turns",
    "Diagnosis and suggestions": "diagnosis",
}
_SPEAKERS = ("病人：", "医生：", "Patient:", "Doctor:")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each block of lines as `{id, url, faculty, description, turns: [{role, text}], diagnosis}`."""
    for row in rows:
        parts: dict[str, list[str]] = {"url": []}
        section = "url"
        for line in row.data["lines"][1:]:
            section = _SECTIONS.get(line.strip(), section)
            if line.strip() in _SECTIONS:
                parts[section] = []
            else:
                parts[section].append(line.strip())
        if "turns" not in parts:
            yield BadRow(row.where, "a section 'Dialogue'", f"sections {sorted(parts)}")
            continue
        labelled = {name: _labelled(parts.get(name, [])) for name in ("description", "diagnosis")}
        plain = {
            name: "\n".join(filter(None, parts.get(name, []))) or None
            for name in ("url", "faculty")
        }
        named = {name: value for name, value in row.data.items() if name != "lines"}
        turns = _turns(parts["turns"])
        yield Row(row.where, row.key, {**named, "id": row.key, **plain, **labelled, "turns": turns})


def _labelled(lines: list[str]) -> str | None:
    said: list[str] = []
    for line in filter(None, lines):
        if said and said[-1].endswith("：") and not line.endswith("："):
            said[-1] += line
        else:
            said.append(line)
    return "\n".join(said) or None


def _turns(lines: list[str]) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for line in lines:
        if line in _SPEAKERS:
            turns.append({"role": line[:-1], "text": ""})
        elif line and turns:
            turns[-1]["text"] += line if not turns[-1]["text"] else f"\n{line}"
    return turns
