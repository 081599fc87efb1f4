"""Composite mentions in BioC ("ocular and auditory toxicity"), whose parts are listed right after them.

    annotation 5  CompositeRole CompositeMention   "ocular and auditory toxicity"
    annotation 6  CompositeRole IndividualMention  "ocular toxicity"
    annotation 7  CompositeRole IndividualMention  "auditory toxicity"

The file does not say which composite a part belongs to: it is the shortest one that spans it, the latest of those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

ROW_BY_ROW = True
WHOLE, PART = "CompositeMention", "IndividualMention"


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each part of a composite mention `part_of`, the id of the composite."""
    for row in rows:
        composites = []
        for entity in row.data.get("entities", []):
            role = entity.get("infons", {}).pop("CompositeRole", None)
            if role == WHOLE:
                composites.append((*_bounds(entity), entity["id"]))
            elif role == PART:
                start, end = _bounds(entity)
                around = [(last - first, -place, id_) for place, (first, last, id_) in enumerate(composites)
                          if first <= start and end <= last]  # fmt: skip
                if around:
                    entity["part_of"] = min(around)[2]
                else:
                    entity["infons"]["CompositeRole"] = (
                        role  # a part of nothing stays as the file says it
                    )
        yield row


def _bounds(entity: dict[str, Any]) -> tuple[int, int]:
    spans = entity.get("spans", [])
    return min(start for start, _ in spans), max(end for _, end in spans)
