"""Sentences whose tokens several annotators marked with 0 or 1, an element a side table.

    "1234567:0": "Forty adults took zincol ."
    "1234567:0": {"annotations": [[1,1,0,0,0], [1,1,0,0,0], [0,1,0,0,0]]}

A token belongs to an element if more than half of its annotators say so; a mention is a run of such tokens. A mapping
cannot count votes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_TOKEN = re.compile(r"\S+")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each sentence its mentions; the type is the name of the side table, `votes` are as they are."""
    votes = {
        element: {row.key: row.data["annotations"] for row in side[element]} for element in side
    }
    for row in rows:
        tokens = [match.span() for match in _TOKEN.finditer(row.data["value"])]
        given = {element: votes[element].get(row.key, []) for element in sorted(votes)}
        if wrong := [e for e, lists in given.items() if any(len(v) != len(tokens) for v in lists)]:
            yield BadRow(row.where, f"votes on {len(tokens)} tokens", f"other numbers in {wrong}")
            continue
        entities = []
        for element, lists in given.items():
            won = [2 * sum(marks) > len(marks) for marks in zip(*lists, strict=True)]
            for yes, run in groupby(zip(won, tokens, strict=False), key=lambda pair: pair[0]):
                places = [place for _, place in run]
                if yes:
                    entities.append({"type": element, "spans": [[places[0][0], places[-1][1]]]})
        yield Row(row.where, row.key, {**row.data, "entities": entities, "votes": given})
