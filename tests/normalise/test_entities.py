"""Mentions: where they stand, what they are, what they link to, and the span invariant."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.schema.arrow import from_table, to_table
from taiyi_corpus.schema.record import Entity, Link, Span
from tests.toys import DRUG_AND_DISEASE, Normalised, dataset, normalise

TEXT = "Aspirin eases pain of arm and leg."


def made(
    entities: Any,
    document: str = TEXT,
    known_faults: list[dict[str, Any]] | None = None,
    **mapping: Any,
) -> Normalised:
    """Normalise one document with these mentions."""
    labels = {"entities": DRUG_AND_DISEASE}
    spec = dataset(
        tasks=["ner"],
        labels=labels,
        map={"text": "text", "entities": {"id": "id", "spans": "spans", **mapping}},
        known_faults=known_faults or [],
    )
    return normalise(spec, {"text": document, "entities": entities})


def fault(code: str, resolve: str = "drop") -> list[dict[str, Any]]:
    return [{"fault": code, "count": {"train": 1}, "resolve": resolve, "note": "a test"}]


def mention(spans: Any, text: str | None, **more: Any) -> dict[str, Any]:
    return {"id": "T1", "type": "Drug", "spans": spans, "text": text, **more}


def entities(result: Normalised) -> list[Entity]:
    return result.only.entities or []


# --- places -----------------------------------------------------------------------------------


def test_spans_are_kept_as_they_are() -> None:
    assert entities(made([mention([[0, 7]], "Aspirin")])) == [
        Entity(id="T1", type="Drug", spans=[Span(0, 7)], text="Aspirin")
    ]


def test_inclusive_ends_are_moved_behind_the_last_character() -> None:
    item = {"type": "Drug", "entity": "Aspirin", "from": 0, "to": 6}
    (entity,) = entities(
        made([item], id=None, spans=None, start="from", end="to", ends="inclusive", text="entity")
    )

    assert (entity.id, entity.spans) == ("T1", [Span(0, 7)])


def test_inclusive_ends_hold_for_a_list_of_spans_too() -> None:
    (entity,) = entities(made([mention([[0, 6]], "Aspirin")], ends="inclusive"))

    assert entity.spans == [Span(0, 7)]


def test_offsets_may_be_digits() -> None:
    assert entities(made([mention([["0", "7"]], "Aspirin")]))[0].spans == [Span(0, 7)]


def test_pieces_of_a_discontinuous_mention_are_joined() -> None:
    (entity,) = entities(made([mention([[14, 18], [30, 33]], "pain leg")]))

    assert entity.text == "pain leg"


def test_a_mention_without_a_text_of_its_own_gets_the_slice() -> None:
    assert entities(made([mention([[0, 7]], None)]))[0].text == "Aspirin"


def test_a_mention_without_a_place_has_none() -> None:
    (entity,) = entities(made([mention(None, "acetylsalicylic acid")]))

    assert (entity.spans, entity.text) == (None, "acetylsalicylic acid")


def test_no_list_is_no_gold_and_an_empty_list_is_gold_that_says_none() -> None:
    assert made(None).only.entities is None
    assert made([]).only.entities == []


# --- types, links, parts ----------------------------------------------------------------------


def test_a_type_may_be_renamed() -> None:
    items = [{"id": "T1", "type": "Chem", "spans": [[0, 7]]}]

    assert entities(made(items, rename={"Chem": "Drug"}))[0].type == "Drug"


def test_a_type_to_be_skipped_is_left_out_and_counted() -> None:
    result = made([mention([[0, 7]], "Aspirin")], skip=["Drug"])

    assert result.only.entities == []
    assert result.reasons == [("annotation", "type_skipped")]


LINKS = {"path": "ids", "db": "MESH", "split": ["|", "+"], "none": ["-1"], "prefixes": {"OMIM:": "OMIM"}}  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "links"),
    [
        ("D1", [Link("MESH", "D1")]),
        ("D1|OMIM:7+D2", [Link("MESH", "D1"), Link("OMIM", "7"), Link("MESH", "D2")]),
        ("D1|D1", [Link("MESH", "D1")]),
        ("-1", []),
        ("-1|D1", [Link("MESH", "D1")]),
        (["D1", None, 2], [Link("MESH", "D1"), Link("MESH", "2")]),
        ("", None),
        (None, None),
    ],
)
def test_identifiers_are_split_and_their_prefixes_read(ids: Any, links: list[Link] | None) -> None:
    assert entities(made([mention([[0, 7]], "Aspirin", ids=ids)], links=LINKS))[0].links == links


def test_a_part_names_its_composite_mention() -> None:
    items = [
        {"id": "T1", "type": "Disease", "spans": [[14, 33]]},
        {"id": "T2", "type": "Disease", "spans": [[14, 18], [30, 33]], "whole": "T1"},
    ]

    assert [e.part_of for e in entities(made(items, part_of="whole"))] == [None, "T1"]


def test_a_part_of_a_composite_that_was_left_out_stays_by_itself() -> None:
    items = [
        {"id": "T1", "type": "Drug", "spans": [[0, 0]]},
        {"id": "T2", "type": "Drug", "spans": [[0, 7]], "whole": "T1"},
    ]
    result = made(items, known_faults=fault("span_empty"), part_of="whole")

    assert [(e.id, e.part_of) for e in entities(result)] == [("T2", None)]
    assert [(d.id, d.reason) for d in result.drops] == [
        ("toy/train/0/T1", "span_empty"),
        ("toy/train/0/T2.part_of", "ref_left_out"),
    ]


def test_what_a_mention_carries_besides_is_kept() -> None:
    item = mention([[0, 7]], "Aspirin", certainty="low")
    extra = msgspec.json.decode(made([item]).only.extra or "")

    assert extra == {"entities_extra": {"T1": {"certainty": "low"}}}


# --- the span invariant -----------------------------------------------------------------------

BAD = {
    "span_mismatch": mention([[0, 7]], "aspirin"),
    "span_out_of_text": mention([[30, 99]], "leg."),
    "span_empty": mention([[3, 3]], "x"),
    "id_repeated": mention([[0, 7]], "Aspirin"),
    "type_unknown": mention([[0, 7]], "Aspirin") | {"type": "Gene"},
}


def bad(code: str) -> list[dict[str, Any]]:
    return [BAD[code], BAD[code]] if code == "id_repeated" else [BAD[code]]


@pytest.mark.parametrize("code", BAD)
def test_a_fault_that_is_not_declared_drops_the_record(code: str) -> None:
    result = made(bad(code))

    assert result.records == []
    assert result.reasons == [("record", code)]
    assert result.tally.faults == {code: 1}


@pytest.mark.parametrize("code", BAD)
def test_a_declared_fault_drops_the_annotation_alone(code: str) -> None:
    result = made(bad(code), known_faults=fault(code))

    assert len(entities(result)) == (1 if code == "id_repeated" else 0)
    assert result.reasons == [("annotation", code)]
    assert result.tally.faults == {code: 1}


def test_trusting_the_offsets_takes_the_slice_and_keeps_the_text() -> None:
    result = made([BAD["span_mismatch"]], known_faults=fault("span_mismatch", "offsets"))

    assert entities(result)[0].text == "Aspirin"
    assert "aspirin" in (result.only.extra or "")
    assert (result.drops, result.tally.faults) == ([], {"span_mismatch": 1})


@pytest.mark.parametrize("code", ["span_mismatch", "span_out_of_text", "span_empty"])
def test_trusting_the_text_takes_the_place_away_and_keeps_the_offsets(code: str) -> None:
    result = made([BAD[code]], known_faults=fault(code, "text"))

    assert (entities(result)[0].spans, entities(result)[0].text) == (None, BAD[code]["text"])
    assert "spans_in_source" in (result.only.extra or "")
    assert result.drops == []


@pytest.mark.parametrize("code", ["span_out_of_text", "span_empty"])
def test_offsets_that_point_nowhere_cannot_be_trusted(code: str) -> None:
    result = made([BAD[code]], known_faults=fault(code, "offsets"))

    assert result.reasons == [("annotation", code)]


@pytest.mark.parametrize("text", [None, "", " "])
def test_a_mention_with_neither_place_nor_text_is_empty(text: str | None) -> None:
    assert made([mention(None, text)]).reasons == [("record", "span_empty")]


def test_no_piece_at_all_is_an_empty_mention() -> None:
    assert made([mention([], "Aspirin")]).reasons == [("record", "span_empty")]


@pytest.mark.parametrize("spans", ["0-7", [0, 7], [["a", 7]], [[0, 7.5]], [[0]], [[None, 7]], 3])
def test_what_are_no_spans_makes_a_malformed_row(spans: Any) -> None:
    assert made([mention(spans, "Aspirin")]).reasons == [("record", "row_malformed")]


def test_what_is_no_list_of_mentions_makes_a_malformed_row() -> None:
    assert made("T1 Aspirin").reasons == [("record", "row_malformed")]


# --- any text, any spans ----------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(
    lambda text: not text.isspace()
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[list[list[int]]]]:
    text = draw(TEXTS)
    piece = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(sorted)
    pieces = st.lists(piece.filter(lambda p: p[0] < p[1]), min_size=1, max_size=3)
    return text, draw(st.lists(pieces, max_size=5))


@given(documents())
def test_any_mention_of_any_text_survives_the_way_to_disk_and_back(
    document: tuple[str, list[list[list[int]]]],
) -> None:
    text, mentions = document
    items = [
        {"id": f"T{n}", "type": "Drug", "spans": spans, "text": " ".join(text[s:e] for s, e in spans)}
        for n, spans in enumerate(mentions)
    ]  # fmt: skip
    record = made(items, document=text).only
    (again,) = from_table(to_table([record]))

    assert again == record
    assert [e.spans for e in again.entities or []] == [[Span(*p) for p in s] for s in mentions]
    for entity in again.entities or []:
        assert " ".join(text[s.start : s.end] for s in entity.spans or []) == entity.text
