r"""Blocks of lines in headed sections: a row of named parts for each block.

With `start: "id=(\d+)"`, `headings: {Description: description, Dialogue: turns}` and `speakers: ["Patient:",
"Doctor:"]` the file

    id=1
    https://example.org/1
    Description
    A knee that hurts.
    Dialogue
    Patient:
    My knee hurts.

    Since Monday.
    Doctor:
    Rest it.

gives the row

    {"key": "1", "head": "https://example.org/1", "description": "A knee that hurts.",
     "turns": [{"role": "Patient:", "text": "My knee hurts.\nSince Monday."}, {"role": "Doctor:", "text": "Rest it."}]}

Blank lines, and white space around a line, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from taiyi_corpus.readers import blocks
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member],
    *,
    start: str,
    headings: dict[str, str],
    head: str = "head",
    speakers: Sequence[str] = (),
    label_end: str | None = None,
    encoding: str = "utf-8",
    stem: str | None = None,
) -> Iterator[Row | BadRow]:
    """Read a row from each block of lines; one without any of the headings is broken.

    Args:
        members: the files, in order.
        start: regular expression that matches at the beginning of the first line of each block. Its first group, if
            it has one, is the row's key.
        headings: line that opens a part -> name of the part in the row.
        head: name of the part before the first heading.
        speakers: lines that open a turn; a part with such lines is a list of turns. What stands before the first is
            a turn without a role.
        label_end: how a line ends that is a label ("："); the next line, its value, is put behind it.
        encoding: encoding of the files.
        stem: put the stem of the file's name under this name.
    """
    for row in blocks.read(members, start=start, encoding=encoding, stem=stem):
        if isinstance(row, BadRow):
            yield row
            continue
        lines = [stripped for line in row.data.pop("lines")[1:] if (stripped := line.strip())]
        parts = _parts(lines, headings, head)
        if len(parts) == 1:
            wanted = f"one of the headings {', '.join(headings)}"
            yield BadRow(row.where, wanted, f"{len(lines)} lines without", row.key)
            continue
        made = {name: _part(some, speakers, label_end) for name, some in parts.items()}
        yield Row(row.where, row.key, {**row.data, "key": row.key, **made})


def _parts(lines: list[str], headings: dict[str, str], head: str) -> dict[str, list[str]]:
    """Return the lines of each part; a heading that comes again goes on with its part."""
    parts: dict[str, list[str]] = {head: []}
    open_part = parts[head]
    for line in lines:
        if line in headings:
            open_part = parts.setdefault(headings[line], [])
        else:
            open_part.append(line)
    return parts


def _part(lines: list[str], speakers: Sequence[str], label_end: str | None) -> Any:
    if any(line in speakers for line in lines):
        return _turns(lines, speakers)
    said: list[str] = []
    for line in lines:
        if label_end and said and said[-1].endswith(label_end) and not line.endswith(label_end):
            said[-1] += line
        else:
            said.append(line)
    return "\n".join(said)


def _turns(lines: list[str], speakers: Sequence[str]) -> list[dict[str, str]]:
    said: list[tuple[str, list[str]]] = []
    for line in lines:
        if line in speakers:
            said.append((line, []))
        elif said:
            said[-1][1].append(line)
        else:
            said.append(("", [line]))
    return [{"role": role, "text": "\n".join(some)} for role, some in said]
