"""Rows that name a mention by its place among the tokens of `TEXT.split(" ")`.

A mapping cannot count tokens.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

ROW_BY_ROW = True


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each row one entity, the token at `LOCATION`, which carries `LABEL`."""
    for row in rows:
        tokens = row.data["TEXT"].split(" ")
        place = row.data["LOCATION"].strip()
        if not place.isdecimal() or int(place) >= len(tokens) or not tokens[int(place)]:
            yield BadRow(row.where, f"the place of one of {len(tokens)} tokens", repr(place))
            continue
        token = tokens[int(place)]
        start = sum(len(before) + 1 for before in tokens[: int(place)])
        entity = {
            "text": token,
            "spans": [[start, start + len(token)]],
            "label": row.data.pop("LABEL"),
        }
        yield Row(row.where, row.key, {**row.data, "entities": [entity]})
