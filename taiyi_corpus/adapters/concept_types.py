"""Relations between concept identifiers, in a PubTator file that says no more of the concepts.

What type a concept is of, and so which data base its identifier belongs to, stands with the mentions that carry the
identifier; a mapping cannot look it up there. The column after the two identifiers says whether the finding is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_BETWEEN = re.compile("[,;]")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each argument of a relation the `type` of its first mention; the column becomes a `novelty` attribute."""
    for row in rows:
        types: dict[str, str] = {}
        for entity in row.data["entities"]:
            for id_ in _BETWEEN.split(entity.get("ids", "")):
                types.setdefault(id_.strip(), entity["type"])
        attributes: list[dict[str, str]] = []
        for relation in row.data["relations"]:
            for arg in relation["args"]:
                arg["type"] = types.get(arg["concept"].strip())
            attributes += [
                {"ref": relation["id"], "name": "novelty", "value": value}
                for value in relation.pop("cols", [])
            ]
        row.data["attributes"] = attributes
        yield row
