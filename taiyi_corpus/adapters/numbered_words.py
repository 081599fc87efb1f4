"""Text files of records whose lines are a key and values, where relations hold between numbers of words.

    ID TAB 100-3
    sentence TAB AbcA activates xyzB.
    words TAB word(0,'AbcA',0,3) TAB word(1,'activates',5,13) TAB word(2,'xyzB',15,18)
    genic_interactions TAB genic_interaction(0,2)

A blank line ends a record, and a line with "%" is a comment. Offsets are those of the first and the last character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_WORD = re.compile(r"word\((\d+),'.*',(\d+),(\d+)\)")
_NUMBERS = re.compile(r"\d+")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each record as a row: text, and words that are agents or targets with their interactions."""
    for row in rows:
        lines = row.data["text"].splitlines()
        records = "\n".join(line for line in lines if "%" not in line)
        for number, record in enumerate(re.split(r"\n\s*\n", records)):
            fields = {
                key: values for key, *values in (line.split("\t") for line in record.splitlines())
            }
            if "ID" in fields and "sentence" in fields:
                yield Row(f"{row.where}#{number}", fields["ID"][0], _sentence(fields))
            elif record.strip():
                yield BadRow(f"{row.where}#{number}", "lines ID and sentence", repr(record[:60]))


def _sentence(fields: dict[str, list[str]]) -> dict[str, Any]:
    found = {name: fields[name] for name in fields if name not in ("ID", "sentence", "words")}
    data: dict[str, Any] = {"id": fields["ID"][0], "text": fields["sentence"][0]}
    if "genic_interactions" not in found:
        return {**data, **found}
    places = {m[1]: [int(m[2]), int(m[3]) + 1] for w in fields["words"] if (m := _WORD.match(w))}
    agents, targets = (set(_numbers(found.pop(name, []))) for name in ("agents", "targets"))
    types = {(True, False): "agent", (False, True): "target", (True, True): "agent/target"}
    data["entities"] = [
        {"id": number, "type": types[number in agents, number in targets], "spans": [place]}
        for number, place in places.items()
        if number in agents | targets
    ]
    data["relations"] = [
        {"args": [{"role": f"Arg{n}", "ref": ref} for n, ref in enumerate(_numbers([pair]), 1)]}
        for pair in found.pop("genic_interactions")
    ]
    return {**data, **found}


def _numbers(values: list[str]) -> list[str]:
    return [number for value in values for number in _NUMBERS.findall(value)]
