"""Two annotators of one text: what both say, the second in the side table `second`.

A mention or trigger of both is one of the same type whose span overlaps; the longer of the two spans stays. An event
is of both if type and trigger are, and each of its arguments, role and mention. Sets keep the mentions of both. What
one of them alone says is kept under `not_agreed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

Annotation = dict[str, Any]
Same = Callable[[Annotation, Annotation], bool]


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Leave in each document what both annotators say."""
    seconds = {row.data["id"]: row.data for row in side["second"]}
    for row in rows:
        first, second = row.data, seconds.get(row.data["id"])
        if second is None:
            yield BadRow(row.where, "the file of the second annotator", f"none for {first['id']}")
            continue
        same = _agree(first["entities"], second["entities"], _longer)
        alone = _alone(first, second, "entities", same)

        def events_agree(a: Annotation, b: Annotation, same: dict[str, str] = same) -> bool:
            said = {(arg["role"], same.get(arg["ref"])) for arg in a["args"]}
            return said == {(arg["role"], arg["ref"]) for arg in b["args"]} and _longer(
                a["trigger"], b["trigger"]
            )

        events = _agree(first["events"], second["events"], events_agree)
        alone += _alone(first, second, "events", events)
        kept = ([ref for ref in refs if ref in same] for refs in first["coreferences"])
        first["coreferences"] = [refs for refs in kept if len(refs) > 1]
        if alone:
            first["not_agreed"] = alone
        yield row


def _alone(
    first: Annotation, second: Annotation, part: str, same: dict[str, str]
) -> list[Annotation]:
    """Leave in `first` what both say, and return what one alone does."""
    one = [{"annotator": 1, **item} for item in first[part] if item["id"] not in same]
    two = [{"annotator": 2, **item} for item in second[part] if item["id"] not in same.values()]
    first[part] = [item for item in first[part] if item["id"] in same]
    return one + two


def _agree(first: list[Annotation], second: list[Annotation], test: Same) -> dict[str, str]:
    """Return the ids of `first` that have a counterpart in `second`, with its id."""
    found: dict[str, str] = {}
    for a in first:
        for b in second:
            if a["type"] == b["type"] and b["id"] not in found.values() and test(a, b):
                found[a["id"]] = b["id"]
                break
    return found


def _longer(a: Annotation, b: Annotation) -> bool:
    """Return whether two spans overlap; the longer one is then written into `a`."""
    (start, end), (other, last) = ((x["spans"][0][0], x["spans"][-1][1]) for x in (a, b))
    if end <= other or last <= start:
        return False
    if last - other > end - start:
        a["spans"], a["text"] = b["spans"], b["text"]
    return True
