"""From raw annotations to the mentions of a record, and the span invariant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from taiyi_corpus.normalise.annotations import (
    elements,
    offset,
    pairs_of,
    rest_reader,
    spans_of,
    type_reader,
)
from taiyi_corpus.normalise.draft import Draft
from taiyi_corpus.normalise.faults import malformed
from taiyi_corpus.normalise.links import db_paths, links_reader
from taiyi_corpus.normalise.paths import getter, text_of, value_paths
from taiyi_corpus.schema.record import Entity, Span
from taiyi_corpus.spec.dataset import Labels
from taiyi_corpus.spec.mapping import EntitiesMap


def entity_paths(spec: EntitiesMap) -> list[str]:
    """Return the paths that a mention is read from, but for its list."""
    paths = [spec.id, spec.text, spec.spans, spec.start, spec.end, spec.part_of]
    paths += [spec.links.path, *db_paths(spec.links.db)] if spec.links else []
    return [path for path in (*paths, *value_paths(spec.type)) if path]


def entity_maker(
    spec: EntitiesMap, labels: Labels, drop: Sequence[str] = ()
) -> Callable[[Any, Draft], None]:
    """Return a function that fills a draft's entities from a row."""
    each = getter(spec.each)
    type_of = type_reader(spec.type, spec.rename, spec.skip, labels.entities, "entity")
    get_id = getter(spec.id) if spec.id else None
    get_text = getter(spec.text) if spec.text else None
    get_part = getter(spec.part_of) if spec.part_of else None
    links = links_reader(spec.links) if spec.links else None
    place = _placer(spec)
    rest_of = rest_reader(spec.each, [*entity_paths(spec), *drop], spec.type)

    def make(row: Any, draft: Draft) -> None:
        items = elements(row, each, "entities")
        if items is None:
            return
        draft.entities = {}
        for number, item in enumerate(items, 1):
            id_ = (text_of(get_id(item)) if get_id else None) or f"T{number}"
            type_ = type_of(item, id_, draft)
            if type_ is None:
                continue
            raw = get_text(item) if get_text else None
            text = raw if isinstance(raw, str) else text_of(raw)
            mention = checked(draft, id_, place(item, draft.text), text)
            if mention is None:
                continue
            if id_ in draft.entities:
                draft.meet(id_, "id_repeated", f"entity id {id_!r}")
                continue
            spans, text = mention
            draft.entities[id_] = Entity(
                id=id_,
                type=type_,
                spans=spans,
                text=text,
                links=links(item) if links else None,
                part_of=text_of(get_part(item)) if get_part else None,
            )
            if spans is None:
                # A relation that names the same string means this mention.
                draft.unpositioned.setdefault((type_, text), id_)
            if rest := rest_of(item):
                draft.keep("entities", id_, rest)

    return make


def _placer(spec: EntitiesMap) -> Callable[[Any, str], list[Span] | None]:
    """Return a function that gives the spans of a mention in a text, None where the source gives none."""
    if spec.whole:
        return lambda item, text: [Span(0, len(text))]
    get_spans = getter(spec.spans) if spec.spans else None
    get_start = getter(spec.start) if spec.start else None
    get_end = getter(spec.end) if spec.end else None
    shift = 1 if spec.ends == "inclusive" else 0

    def place(item: Any, text: str) -> list[Span] | None:
        if get_spans is not None:
            pairs = get_spans(item)
            if pairs is None:
                return None
            spans = spans_of(pairs)
            return [Span(span.start, span.end + 1) for span in spans] if shift else spans
        if get_start is None or get_end is None:
            return None
        start, end = get_start(item), get_end(item)
        return None if start is None or end is None else [Span(offset(start), offset(end) + shift)]

    if spec.unit == "characters":
        return place

    def place_tokens(item: Any, text: str) -> list[Span] | None:
        spans = place(item, text)
        return None if spans is None else [_characters(span, text.split(" ")) for span in spans]

    return place_tokens


def _characters(span: Span, tokens: list[str]) -> Span:
    """Return where a run of tokens stands, the tokens parted by single blanks."""
    if not 0 <= span.start < span.end <= len(tokens):
        raise malformed(f"a place among {len(tokens)} tokens", [span.start, span.end])
    start = sum(len(token) + 1 for token in tokens[: span.start])
    return Span(start, start + len(" ".join(tokens[span.start : span.end])))


def checked(
    draft: Draft, id_: str, spans: list[Span] | None, text: str | None
) -> tuple[list[Span] | None, str] | None:
    """Return spans and text of a mention that keeps the span invariant, its fault resolved; None if it is left out."""
    if spans is None:
        if not text or text.isspace():
            draft.meet(id_, "span_empty", "an unpositioned mention without text")
            return None
        return None, text
    if len(spans) == 1:  # as nearly all are: one piece that reads as the source says
        start, end, whole = spans[0].start, spans[0].end, draft.text
        if 0 <= start < end <= len(whole):
            cut = whole[start:end]
            if text is None or cut == text:
                return spans, cut
    cut = draft.piece_join.join(draft.text[span.start : span.end] for span in spans)
    fault = _span_fault(draft, spans, cut, text)
    if fault is None:
        return spans, cut
    code, detail = fault
    how = draft.faults.meet(code, detail)
    if how == "offsets" and code == "span_mismatch":
        draft.keep("entities", id_, {"text_in_source": text})
        return spans, cut
    if how == "text" and text and not text.isspace():
        draft.keep("entities", id_, {"spans_in_source": pairs_of(spans)})
        return None, text
    draft.leave_out(id_, code, detail)
    return None


def _span_fault(
    draft: Draft, spans: list[Span], cut: str, text: str | None
) -> tuple[str, str] | None:
    limit = len(draft.text)
    if any(span.start < 0 or span.end > limit for span in spans):
        return "span_out_of_text", f"{pairs_of(spans)} in a text of {limit} characters"
    if not spans or any(span.start >= span.end for span in spans):
        return "span_empty", f"{pairs_of(spans)}"
    if text is not None and cut != text:
        return (
            "span_mismatch",
            f"{pairs_of(spans)} reads {cut!r}, the annotation says {text!r}",
        )
    return None
