"""Records as Arrow columns and back: nothing is lost, whatever is absent, and whatever part of a table is read."""

from __future__ import annotations

import pyarrow as pa
import pytest

from taiyi_corpus.schema.arrow import columns_of, from_table, record_schema, to_table
from taiyi_corpus.schema.record import (
    Answer,
    Argument,
    Attribute,
    Choice,
    Concept,
    Coreference,
    Entity,
    Event,
    Group,
    Link,
    Passage,
    Record,
    Relation,
    Span,
    Trigger,
    Turn,
)


def record(n: int, **parts: object) -> Record:
    return Record(
        id=f"x/train/{n}", dataset="x", split="train", language="en", origin="raw", license="MIT",
        **parts,  # type: ignore[arg-type]
    )  # fmt: skip


RECORDS = [
    record(
        0,
        text="Aspirin and 药物 \U0001f48a",
        passages=[Passage("title", 0, 7), Passage("abstract", 8, 14)],
        sentence_bounds=[7, 14],
        entities=[
            Entity(id="T0", type="Drug", spans=[Span(0, 7)], text="Aspirin", links=[Link("MESH", "D1")]),
            Entity(id="T1", type="Drug", spans=[Span(0, 3), Span(8, 11)], text="Asp and", links=[], part_of="T0"),
            Entity(id="T2", type="Drug", text="not placed"),
        ],
        concepts=[Concept(id="C", type="Drug", name=None, links=[Link("MESH", "D1")])],
        relations=[Relation(id="R", type="r", args=[Argument(role="a", ref="T0"), Argument(role="b", text="x")])],
        events=[
            Event(id="E0", type="e", trigger=Trigger(spans=[Span(8, 11)], text="and"), args=[]),
            Event(id="E1", type="e", trigger=None, args=[Argument(role="Theme", ref="E0")]),
            Event(id="E2", type="e", trigger=Trigger(text="unplaced"), args=[]),
        ],
        coreferences=[Coreference(id="K", refs=["T0", "T1"])],
        groups=[Group(kind="or", refs=["T0"])],
        attributes=[Attribute(id="A", ref="E0", name="Negation"), Attribute(id="B", ref="E0", name="n", value="v")],
    ),
    record(1),
    record(2, text="", entities=[], labels=[], score=0.5, extra="{}"),
    record(3, question="?", choices=[Choice("A", "a")], answers=[Answer(text="a"), Answer(text="b", start=1, end=2)]),
    record(4, turns=[Turn("user", "a"), Turn("assistant", "b")], labels=["l", "m"]),
]  # fmt: skip


def test_records_come_back_as_they_were() -> None:
    assert from_table(to_table(RECORDS)) == RECORDS


@pytest.mark.parametrize("start", range(len(RECORDS)))
def test_a_slice_of_a_table_holds_its_own_records(start: int) -> None:
    table = to_table(RECORDS).combine_chunks()

    assert from_table(table.slice(start, 2)) == RECORDS[start : start + 2]
    assert from_table(table.to_batches()[0].slice(start, 2)) == RECORDS[start : start + 2]
    assert from_table(table.take(pa.array([start, 0]))) == [RECORDS[start], RECORDS[0]]


def test_a_table_of_several_chunks_is_one_list() -> None:
    assert from_table(pa.concat_tables([to_table([one]) for one in RECORDS])) == RECORDS


def test_columns_left_out_come_back_as_null() -> None:
    table = to_table(RECORDS).select(columns_of(["labels"]))

    assert [one.labels for one in from_table(table)] == [None, None, [], None, ["l", "m"]]
    assert {one.text for one in from_table(table)} == {None}


def test_no_records_are_no_records() -> None:
    assert from_table(record_schema().empty_table()) == []
