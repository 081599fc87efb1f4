"""BioC annotations whose identifiers stand in an infon that is called like their type, some one character off.

    <infon key="type">Gene</infon> <infon key="Gene">1234(Tax:9606),5678</infon>

A mapping has one path for identifiers. Some annotations stand one character too far left or right, or end one
character too late: where the text there is what the annotation says, they are moved; any other difference stays to be
seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_TAXON = re.compile(r"\([Tt]ax:\d+\)")
_MOVES = ((0, 0), (-1, -1), (1, 1), (0, -1))  # by how much the start and the end


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each mention `ids` without their species, and `moved` (start, end) where it was one character off."""
    for row in rows:
        text = row.data["text"]
        for entity in row.data["entities"]:
            if ids := entity.get("infons", {}).get(entity.get("type")):
                entity["ids"] = _TAXON.sub("", ids)
            spans, said = entity.get("spans", []), entity.get("text")
            if len(spans) != 1 or said is None:
                continue
            [(start, end)] = spans
            for first, last in _MOVES:
                if start + first >= 0 and text[start + first : end + last] == said:
                    entity["spans"] = [[start + first, end + last]]
                    entity |= {"moved": [first, last]} if last else {}
                    break
        yield row
