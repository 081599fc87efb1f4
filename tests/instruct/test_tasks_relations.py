"""Relations and events: what the text calls their arguments, and what cannot be asked."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import Argument, Relation
from tests.instruct.asking import (
    ENTITIES,
    LABELS,
    concept,
    event,
    marked,
    only,
    outcome,
    record,
    relation,
    setting,
)
from tests.toys import dataset

SOURCE = "[Aspirin|Drug|MESH:D1] causes [ulcers|Disease|MESH:D2] and eases [pain|Disease|MESH:D3]."


def told(type_: str, head: str, tail: str) -> dict[str, Any]:
    return {"type": type_, "args": [["head", head], ["tail", tail]]}


def lost(found: Any, task: str = "re", **recipe: Any) -> list[tuple[str, str]]:
    missed = TASK_MODULES[task].lost(found, setting(**recipe))
    return [(id_, reason) for id_, reason, _ in missed]


# --- relations --------------------------------------------------------------------------------


def test_all_relations_are_asked_for_with_their_roles() -> None:
    ask = only(marked(SOURCE, relations=[relation("R1", "causes", "T1", "T2")]), "re")

    assert ask.gold == [told("causes", "Aspirin", "ulcers")]
    assert sorted(ask.options or []) == ["causes", "treats"]
    assert ask.roles == {"causes": ["head", "tail"], "treats": ["head", "tail"]}


def test_arguments_come_in_the_order_of_the_registry() -> None:
    args = [Argument(role="Tail", ref="T2"), Argument(role="Head", ref="T1")]
    found = marked(SOURCE, relations=[Relation(id="R1", type="causes", args=args)])

    assert only(found, "re").gold == [told("causes", "Aspirin", "ulcers")]


def test_a_relation_that_reads_alike_is_told_once() -> None:
    found = marked(
        "[ASA|Drug] causes [pain|Disease]. [ASA|Drug] hurts.",
        relations=[relation("R1", "causes", "T1", "T2"), relation("R2", "causes", "T3", "T2")],
    )

    assert only(found, "re").gold == [told("causes", "ASA", "pain")]


def test_a_concept_goes_by_its_first_whole_mention() -> None:
    found = marked(
        "[ASA and others|Drug|MESH:D1|MESH:D9] and [Aspirin|Drug|MESH:D1] cause [pain|Disease|MESH:D3].",
        concepts=[concept("C:D1", "Drug", "MESH:D1"), concept("C:D3", "Disease", "MESH:D3")],
        relations=[relation("R1", "causes", "C:D1", "C:D3")],
    )

    assert only(found, "re").gold == [told("causes", "Aspirin", "pain")]


def test_a_concept_without_a_mention_loses_its_relation_and_is_counted() -> None:
    found = marked(
        SOURCE,
        concepts=[concept("C:D1", "Drug", "MESH:D1"), concept("C:D9", "Disease", "MESH:D9")],
        relations=[relation("R1", "causes", "C:D1", "C:D9")],
    )

    assert outcome(found, "re") == [[]]
    assert lost(found) == [("R1", "argument_without_mention")]


def test_a_bare_string_is_an_argument_as_it_stands() -> None:
    found = marked(SOURCE, relations=[relation("R1", "causes", "T1", "'a rash'")])

    assert only(found, "re").gold == [told("causes", "Aspirin", "a rash")]


def test_an_event_that_is_an_argument_goes_by_its_trigger() -> None:
    found = marked(
        SOURCE,
        events=[event("E1", "Growth", ("causes", 8), Theme="T2")],
        relations=[relation("R1", "causes", "T1", "E1")],
    )

    assert only(found, "re").gold == [told("causes", "Aspirin", "causes")]


def test_a_relation_that_is_an_argument_goes_by_its_own_arguments() -> None:
    inner = relation("R1", "treats", "T1", "T3")
    found = marked(SOURCE, relations=[inner, relation("R2", "causes", "R1", "T2")])

    assert only(found, "cre").gold == [
        told("treats", "Aspirin", "pain"),
        told("causes", "Aspirin → pain", "ulcers"),
    ]


def test_relations_in_a_circle_name_nothing_and_are_counted() -> None:
    found = marked(
        SOURCE,
        relations=[relation("R1", "causes", "R2", "T2"), relation("R2", "causes", "R1", "T2")],
    )

    assert outcome(found, "re") == [[]]
    assert lost(found) == [("R1", "argument_without_mention"), ("R2", "argument_without_mention")]


def test_relations_of_more_than_two_arguments_keep_them_all() -> None:
    labels = {
        "entities": ENTITIES,
        "relations": {
            "combination": {"en": "combination", "zh": "联用", "args": {"Drug": ["Drug"]}}
        },
    }
    args = [Argument(role="Drug", ref=f"T{n}") for n in (1, 2, 3)]
    found = marked(
        "[A|Drug], [B|Drug], [C|Drug].",
        relations=[Relation(id="R1", type="combination", args=args)],
    )
    at = setting(dataset(labels=labels))

    assert only(found, "re", at).gold == [
        {"type": "combination", "args": [["drug", "A"], ["drug", "B"], ["drug", "C"]]}
    ]


def test_one_relation_asks_for_one_that_is_there_or_one_that_is_not() -> None:
    at = setting(expand={"re": {"all_relations": 0.0, "one_relation": 1.0}}, absent={"re": 0.25})
    made = marked(SOURCE, relations=[relation("R1", "causes", "T1", "T2")])
    records = [
        record(str(n), text=made.text, entities=made.entities, relations=made.relations)
        for n in range(200)
    ]
    asks = [only(found, "re", at) for found in records]

    absent = [ask for ask in asks if ask.options == ["treats"]]
    assert 25 < len(absent) < 75  # the stated rate
    assert all(ask.gold == [] for ask in absent)
    assert all(ask.gold for ask in asks if ask.options == ["causes"])


def test_what_is_not_asked_for_is_neither_gold_nor_lost() -> None:
    labels = LABELS | {
        "relations": LABELS["relations"] | {"near": {"en": "near", "zh": "近", "ask": False}}
    }
    found = marked(
        SOURCE, relations=[relation("R1", "near", "T1", "T2"), relation("R2", "near", "T1", "T9")]
    )
    at = setting(dataset(labels=labels))

    assert outcome(found, "re", at) == [[]]
    assert TASK_MODULES["re"].lost(found, at) == []


# --- events -----------------------------------------------------------------------------------

TEXT = "p53 controls growth of cells."
NESTED = record(
    text=TEXT,
    entities=marked("[p53|Gene]").entities,
    events=[
        event("E1", "Control", ("controls", 4), Cause="T1", Theme="E2"),
        event("E2", "Growth", ("growth", 13)),
    ],
)


def test_events_come_by_trigger_and_name_other_events_by_theirs() -> None:
    found = record(text=TEXT, entities=NESTED.entities, events=(NESTED.events or [])[::-1])

    assert (
        only(found, "ee").gold
        == only(NESTED, "ee").gold
        == [
            {
                "type": "control",
                "trigger": "controls",
                "args": [["cause", "p53"], ["theme", "growth"]],
            },
            {"type": "growth", "trigger": "growth", "args": []},
        ]
    )


def test_the_roles_of_the_asked_types_are_shown() -> None:
    ask = only(NESTED, "ee")

    assert ask.roles == {"growth": ["theme"], "control": ["theme", "cause"]}
    assert sorted(ask.slots["roles"].split(", ")) == ["cause", "theme"]
    one = setting(expand={"ee": {"all_events": 0.0, "one_event": 1.0}}, absent={"ee": 0.0})
    ask = only(NESTED, "ee", one)
    assert list(ask.roles or {}) == [ask.slots["event"]] == ask.options
    assert [e["type"] for e in ask.gold] == ask.options


def test_an_event_of_strings_needs_no_place() -> None:
    found = record(text="x", events=[event("E1", "Growth", ("tumour", -1), Theme="'cells'")])

    assert only(found, "ee").gold == [
        {"type": "growth", "trigger": "tumour", "args": [["theme", "cells"]]}
    ]


def test_an_event_without_a_trigger_has_none() -> None:
    found = record(text="x", events=[event("E1", "Growth", None, Theme="'cells'")])

    assert only(found, "ee").gold[0]["trigger"] is None


def test_an_event_whose_argument_has_no_words_is_counted() -> None:
    bare = event("E2", "Growth", None)
    found = record(text="x", events=[event("E1", "Growth", ("x", 0), Theme="E2"), bare])

    assert outcome(found, "ee") == [[{"type": "growth", "trigger": None, "args": []}]]
    assert lost(found, "ee") == [("E1", "argument_without_mention")]


@pytest.mark.parametrize("task", ["re", "ee"])
def test_nothing_to_find_is_refused_where_no_negative_is_wanted(task: str) -> None:
    empty = record(text="x", entities=[], relations=[], events=[])

    assert outcome(empty, task, setting(negatives={task: 0.0})) == ["negative_not_kept"]
    assert outcome(empty, task) == [[]]
