"""From raw annotations to what joins or qualifies them: passages, coreference sets, other sets, attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taiyi_corpus.normalise.annotations import elements, member, offset
from taiyi_corpus.normalise.draft import Draft
from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.schema.record import Attribute, Coreference, Group, Passage
from taiyi_corpus.spec.record_map import RecordMap

Maker = Callable[[Any, Draft], None]


def set_makers(spec: RecordMap) -> list[Maker]:
    """Return functions that fill a draft's passages, coreferences, groups and attributes from a row."""
    makers: list[Maker] = []
    if spec.passages:
        makers.append(_passages(spec.passages))
    if spec.coreferences:
        makers.append(_coreferences(spec.coreferences.each))
    if spec.groups:
        makers.append(_groups(spec.groups.each))
    if spec.attributes:
        makers.append(_attributes(spec.attributes.each))
    return makers


def _passages(path: str) -> Maker:
    each = getter(path)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "passages")
        if items is None:
            return
        draft.passages = []
        for number, item in enumerate(items, 1):
            type_, start, end = (
                member(item, name, "a passage") for name in ("type", "start", "end")
            )
            passage = Passage(str(type_), offset(start), offset(end))
            if 0 <= passage.start <= passage.end <= len(draft.text):
                draft.passages.append(passage)
            else:
                detail = f"{passage} in a text of {len(draft.text)} characters"
                draft.meet(f"passage{number}", "span_out_of_text", detail)

    return make


def _coreferences(path: str) -> Maker:
    each = getter(path)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "coreference sets")
        if items is None:
            return
        draft.coreferences = [
            Coreference(id=f"S{n}", refs=_refs(refs)) for n, refs in enumerate(items, 1)
        ]

    return make


def _groups(path: str) -> Maker:
    each = getter(path)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "sets")
        if items is not None:
            draft.groups = [
                Group(kind=str(member(g, "kind", "a set")), refs=_refs(member(g, "refs", "a set")))
                for g in items
            ]

    return make


def _refs(found: Any) -> list[str]:
    if not isinstance(found, list):
        raise malformed("a list of annotation ids", found)
    return [str(ref) for ref in found]


def _attributes(path: str) -> Maker:
    each = getter(path)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "attributes")
        if items is None:
            return
        draft.attributes = [
            Attribute(
                id=text_of(item.get("id")) or f"A{number}",
                ref=str(ref),
                name=str(member(item, "name", "an attribute")),
                value=text_of(item.get("value")),
            )
            for number, item in enumerate(items, 1)
            if (ref := member(item, "ref", "an attribute")) is not None
        ]

    return make
