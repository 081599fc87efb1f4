"""Adapters of annotated documents: parts of composites, two annotators, sets told by relations."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import adapter
from taiyi_corpus.readers.row import BadRow, Row


def row(where: str = "x.ann", **data: Any) -> Row:
    return Row(where, data.get("id"), data)


def run(name: str, rows: list[Row], **side: list[Row]) -> list[Row | BadRow]:
    return list(adapter(name)(iter(rows), side))


def mention(id_: str, type_: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "spans": [[start, end]], "text": "x" * (end - start), **more}


def test_a_part_belongs_to_the_shortest_composite_around_it() -> None:
    whole, part = {"CompositeRole": "CompositeMention"}, {"CompositeRole": "IndividualMention"}
    entities = [
        mention("0", "Disease", 0, 40, infons=dict(whole)),
        mention("1", "Disease", 0, 26, infons=dict(whole)),
        mention("2", "Disease", 0, 16, infons=dict(part)),
        mention("3", "Disease", 50, 60, infons=dict(part)),
    ]

    run("part_of_composite", [row(id="1", entities=entities)])

    assert [entity.get("part_of") for entity in entities] == [None, None, "1", None]
    assert entities[3]["infons"] == part  # a part of nothing stays as it was


def test_relations_that_were_not_annotated_are_null() -> None:
    rows = [
        row(id="a", folder="MedLine", relations=[]),
        row(id="a", folder="DrugBank", relations=[]),
    ]

    run(
        "unannotated_relations",
        rows,
        mentions_only=[row("Test for DrugNER task/MedLine/a.xml:2#0")],
    )

    assert [item.data["relations"] for item in rows] == [None, []]


def test_what_both_annotators_say_stays_with_the_longer_span() -> None:
    first = row(
        id="1",
        entities=[mention("T1", "Plant", 0, 8), mention("T2", "Disease", 20, 30)],
        events=[],
        coreferences=[["T1", "T2"]],
    )
    second = row(id="1", entities=[mention("T9", "Disease", 18, 30)], events=[])

    run("agreed_annotation", [first], second=[second])

    assert [(e["id"], e["spans"]) for e in first.data["entities"]] == [("T2", [[18, 30]])]
    assert first.data["coreferences"] == []
    assert [(e["annotator"], e["id"]) for e in first.data["not_agreed"]] == [(1, "T1")]


def test_a_coreference_relation_joins_the_set_it_touches_and_a_trigger_is_its_event() -> None:
    data = row(
        id="1",
        coreferences=[["T1", "T2"]],
        relations=[
            {
                "type": "Coreference",
                "args": [{"role": "Subject", "ref": "T3"}, {"role": "Object", "ref": "T2"}],
            },
            {
                "type": "Coreference",
                "args": [{"role": "Subject", "ref": "T4"}, {"role": "Object", "ref": "T9"}],
            },
        ],
        events=[{"id": "E1", "trigger": {"id": "T9"}}],
    )

    run("coreference_relations", [data])

    assert data.data["coreferences"] == [["T1", "T2", "T3"], ["T4", "E1"]]
    assert data.data["relations"] == []
