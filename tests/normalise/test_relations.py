"""Relations, events and sets: their arguments, what they refer to, and what goes when a mention goes."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from taiyi_corpus.schema.record import Argument, Attribute, Coreference, Event, Group, Link, Span
from tests.toys import DRUG_AND_DISEASE, Normalised, dataset, normalise

TEXT = "Aspirin causes ulcers and prevents clots."
DRUG = {"id": "T1", "type": "Drug", "spans": [[0, 7]], "text": "Aspirin"}
ULCER = {"id": "T2", "type": "Disease", "spans": [[15, 21]], "text": "ulcers"}
NOTHING = {"id": "T3", "type": "Drug", "spans": [[0, 0]], "text": ""}
LABELS = {
    "entities": DRUG_AND_DISEASE,
    "relations": {
        "causes": {"en": "causes", "zh": "引起", "args": {"Head": ["Drug"], "Tail": ["Disease"]}}
    },
    "events": {"Cause": {"en": "cause", "zh": "引起", "roles": ["Theme", "Cause"]}},
}
KNOWN = ("span_empty", "ref_dangling", "id_repeated", "type_unknown", "span_mismatch")


def made(row: dict[str, Any], *, known: bool = False, **mapping: Any) -> Normalised:
    """Normalise one document of annotations; `known` declares every fault, to be dropped."""
    faults = [{"fault": f, "count": {"train": 1}, "note": "a test"} for f in KNOWN] if known else []
    spec = dataset(
        tasks=["re", "ee", "coref"],
        labels=LABELS,
        map={"text": "text", "entities": {"id": "id", "spans": "spans"}, **mapping},
        known_faults=faults,
    )
    return normalise(spec, {"text": TEXT, "entities": [DRUG, ULCER], **row})


def relation(**more: Any) -> dict[str, Any]:
    args = [{"role": "Head", "ref": "T1"}, {"role": "Tail", "ref": "T2"}]
    return {"id": "R1", "type": "causes", "args": args, **more}


def event(id_: str, *args: tuple[str, str], trigger: Any = None) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Cause",
        "trigger": trigger,
        "args": [{"role": role, "ref": ref} for role, ref in args],
    }


HEAD_AND_TAIL = [Argument(role="Head", ref="T1"), Argument(role="Tail", ref="T2")]

# --- arguments --------------------------------------------------------------------------------


def test_arguments_that_are_listed_are_taken_in_their_order() -> None:
    (found,) = made({"relations": [relation()]}, relations={"id": "id"}).only.relations or []

    assert (found.id, found.type, found.args) == ("R1", "causes", HEAD_AND_TAIL)


def test_roles_and_types_may_be_renamed() -> None:
    args = [{"role": "H", "ref": "T1"}, {"role": "T", "ref": "T2"}]
    mapping = {"rename": {"CAUSE": "causes"}, "roles": {"H": "Head", "T": "Tail"}}
    row = {"relations": [{"type": "CAUSE", "args": args}]}
    (found,) = made(row, relations=mapping).only.relations or []

    assert (found.id, found.type, found.args) == ("R1", "causes", HEAD_AND_TAIL)


def test_a_relation_of_any_arity_keeps_all_arguments() -> None:
    args = [{"role": "Head", "ref": "T1"}, {"role": "Tail", "ref": "T2"}, {"role": "Dose", "text": "5 mg"}]  # fmt: skip
    (found,) = (
        made({"relations": [relation(args=args)]}, relations={"id": "id"}).only.relations or []
    )

    assert found.args == [*HEAD_AND_TAIL, Argument(role="Dose", text="5 mg")]


def test_an_argument_by_the_path_of_a_reference() -> None:
    row = {"relations": [{"type": "causes", "from": "T1", "to": "T2"}]}
    args = {"Head": {"ref": "from"}, "Tail": {"ref": "to"}}

    assert (made(row, relations={"args": args}).only.relations or [])[0].args == HEAD_AND_TAIL


SPO = {
    "each": "spo",
    "type": "predicate",
    "args": {
        "Head": {"text": "s", "type": {"const": "Drug"}},
        "Tail": {"text": "o.@value", "type": "o_type"},
    },
}


def test_strings_with_a_type_become_mentions_without_a_place_each_once() -> None:
    spo = [
        {"predicate": "causes", "s": "aspirin", "o": {"@value": o}, "o_type": "Disease"}
        for o in ("ulcers", "gout")
    ]
    record = made({"spo": spo}, relations=SPO).only

    made_up = (record.entities or [])[2:]
    assert [(e.id, e.type, e.spans, e.text) for e in made_up] == [
        ("T3", "Drug", None, "aspirin"),
        ("T4", "Disease", None, "ulcers"),
        ("T5", "Disease", None, "gout"),
    ]
    assert [[a.ref for a in r.args] for r in record.relations or []] == [["T3", "T4"], ["T3", "T5"]]


def test_a_made_up_mention_takes_the_id_of_no_other() -> None:
    row = {
        "entities": [DRUG, NOTHING | {"id": "T2"}, ULCER | {"id": "T3"}],
        "spo": [{"predicate": "causes", "s": "x", "o": {"@value": "y"}, "o_type": "Disease"}],
    }
    record = made(row, relations=SPO, known=True).only

    assert [e.id for e in record.entities or []] == ["T1", "T3", "T4", "T5"]


def test_a_string_of_an_unknown_type_takes_its_relation_along() -> None:
    row = {"spo": [{"predicate": "causes", "s": "x", "o": {"@value": "y"}, "o_type": "Gene"}]}

    assert made(row, relations=SPO).reasons == [("record", "type_unknown")]
    assert made(row, relations=SPO, known=True).only.relations == []


def test_a_list_of_strings_is_an_argument_each() -> None:
    mapping = {"args": {"Head": {"text": "drugs"}, "Tail": {"text": "ills"}}}
    row = {"relations": [{"type": "causes", "drugs": ["a", "b"], "ills": "c"}]}
    (found,) = made(row, relations=mapping).only.relations or []

    assert [(a.role, a.ref, a.text) for a in found.args] == [
        ("Head", None, "a"),
        ("Head", None, "b"),
        ("Tail", None, "c"),
    ]


def test_concepts_are_made_once_and_stay_concepts() -> None:
    mapping = {
        "args": {
            "Head": {"concept": "drug", "db": "MESH", "type": {"const": "Drug"}},
            "Tail": {"concept": "ill", "db": "OMIM"},
        }
    }
    row = {"relations": [{"type": "causes", "drug": "1", "ill": i} for i in ("1", "2")]}
    record = made(row, relations=mapping).only

    assert [(c.id, c.type, c.links) for c in record.concepts or []] == [
        ("C:1", "Drug", [Link("MESH", "1")]),
        ("C:OMIM:1", "Tail", [Link("OMIM", "1")]),  # the same number in another data base
        ("C:2", "Tail", [Link("OMIM", "2")]),
    ]
    assert [[a.ref for a in r.args] for r in record.relations or []] == [
        ["C:1", "C:OMIM:1"],
        ["C:1", "C:2"],
    ]


def test_what_a_relation_carries_besides_is_kept() -> None:
    extra = made({"relations": [relation(novel=True)]}, relations={"id": "id"}).only.extra

    assert msgspec.json.decode(extra or "") == {"relations_extra": {"R1": {"novel": True}}}


@pytest.mark.parametrize(
    "args", ["T1", [{"ref": "T1"}], ["T1"], {"role": "Head", "ref": "T1"}], ids=repr
)
def test_what_are_no_arguments_makes_a_malformed_row(args: Any) -> None:
    result = made({"relations": [relation(args=args)]}, relations={"id": "id"})

    assert result.reasons == [("record", "row_malformed")]


# --- events -----------------------------------------------------------------------------------

CAUSES = {"spans": [[8, 14]], "text": "causes"}
PREVENTS = {"spans": [[26, 34]], "text": "prevents"}


def test_events_may_nest_and_refer_to_later_ones() -> None:
    row = {
        "events": [
            event("E1", ("Cause", "T1"), ("Theme", "E2"), trigger=CAUSES),
            event("E2", ("Theme", "T2"), trigger=PREVENTS),
        ]
    }
    found = made(row, events={"id": "id"}).only.events or []

    assert [[a.ref for a in e.args] for e in found] == [["T1", "E2"], ["T2"]]
    assert found[0].trigger is not None and found[0].trigger.spans == [Span(8, 14)]


def test_numbers_of_roles_are_cut_off_unless_kept() -> None:
    row = {"events": [event("E1", ("Theme2", "T1"))]}

    assert (made(row, events={}).only.events or [])[0].args[0].role == "Theme"
    assert (made(row, events={"number_roles": True}).only.events or [])[0].args[0].role == "Theme2"


def test_which_site_belongs_to_which_theme_stays_in_extra() -> None:
    args = [("Theme", "T1"), ("Theme2", "T2"), ("Site2", "T1")]
    record = made({"events": [event("E1", *args)]}, events={"id": "id"}).only

    assert [a.role for a in (record.events or [])[0].args] == ["Theme", "Theme", "Site"]
    assert json.loads(record.extra or "") == {
        "events_extra": {
            "E1": {"numbered": [{"role": "Theme2", "ref": "T2"}, {"role": "Site2", "ref": "T1"}]}
        }
    }


def test_a_trigger_may_be_a_bare_string() -> None:
    row = {"events": [{"type": "Cause", "core": "ulcers", "drug": ["aspirin", "ibuprofen"]}]}
    mapping = {"trigger_text": "core", "args": {"Cause": {"text": "drug"}}}
    (found,) = made(row, events=mapping).only.events or []

    assert found.trigger is not None
    assert (found.trigger.text, found.trigger.spans) == ("ulcers", None)
    assert [a.text for a in found.args] == ["aspirin", "ibuprofen"]


def test_an_event_whose_trigger_cannot_be_used_goes_with_it() -> None:
    row = {"events": [event("E1", ("Theme", "T1"), trigger={"spans": [[8, 14]], "text": "eases"})]}

    assert made(row, events={"id": "id"}).reasons == [("record", "span_mismatch")]
    result = made(row, events={"id": "id"}, known=True)
    assert result.only.events == []
    assert [d.reason for d in result.drops] == ["span_mismatch", "ref_left_out"]


def test_the_empty_place_of_a_format_is_no_gold_for_what_is_not_annotated() -> None:
    spec = dataset(map={"text": "text", "relations": {}, "events": {}, "coreferences": {}})
    record = normalise(spec, {"text": "x", "relations": [], "events": [], "coreferences": []}).only

    assert (record.relations, record.events, record.coreferences) == (None, None, None)


# --- sets -------------------------------------------------------------------------------------

SETS: dict[str, Any] = {"coreferences": {}, "groups": {}, "attributes": {}}


def test_sets_and_attributes_are_taken_over() -> None:
    row = {
        "coreferences": [["T1", "T2"]],
        "groups": [{"kind": "or", "refs": ["T1", "T2"]}],
        "attributes": [{"ref": "T1", "name": "Negation"}, {"id": "A7", "ref": "T2", "name": "Stage", "value": 2}],
    }  # fmt: skip
    record = made(row, **SETS).only

    assert record.coreferences == [Coreference(id="S1", refs=["T1", "T2"])]
    assert record.groups == [Group(kind="or", refs=["T1", "T2"])]
    assert record.attributes == [
        Attribute(id="A1", ref="T1", name="Negation"),
        Attribute(id="A7", ref="T2", name="Stage", value="2"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"relations": [relation(args=[{"role": "Head", "ref": "T9"}])]},
        {"events": [event("E1", ("Theme", "T9"))]},
        {"coreferences": [["T1", "T2", "T9"]]},
        {"groups": [{"kind": "or", "refs": ["T1", "T2", "T9"]}]},
        {"attributes": [{"ref": "T9", "name": "Negation"}]},
        {"entities": [DRUG | {"whole": "T9"}]},
    ],
    ids=lambda row: next(iter(row)),
)
def test_a_reference_to_nothing_is_a_fault_wherever_it_stands(row: dict[str, Any]) -> None:
    entities = {"id": "id", "spans": "spans", "part_of": "whole"}
    maps = {"relations": {"id": "id"}, "events": {"id": "id"}, "entities": entities, **SETS}

    assert made(row, **maps).reasons == [("record", "ref_dangling")]
    assert made(row, known=True, **maps).reasons == [("annotation", "ref_dangling")]


def test_what_refers_to_a_mention_that_was_left_out_goes_too() -> None:
    row = {
        "entities": [DRUG, ULCER, NOTHING],
        "relations": [relation(args=[{"role": "Head", "ref": "T3"}, {"role": "Tail", "ref": "T2"}])],
        "events": [event("E1", ("Theme", "E2")), event("E2", ("Theme", "T3")), event("E3", ("Theme", "T1"))],
        "coreferences": [["T1", "T3"], ["T1", "T2", "T3"]],
        "groups": [{"kind": "or", "refs": ["T3", "T2"]}],
        "attributes": [{"ref": "T3", "name": "Negation"}, {"ref": "E1", "name": "Speculation"}],
    }  # fmt: skip
    result = made(row, known=True, relations={"id": "id"}, events={"id": "id"}, **SETS)
    record = result.only

    assert record.relations == []
    assert record.events == [Event(id="E3", type="Cause", args=[Argument(role="Theme", ref="T1")])]
    assert record.coreferences == [Coreference(id="S2", refs=["T1", "T2"])]
    assert (record.groups, record.attributes) == (None, None)
    left_out = {drop.id.removeprefix("toy/train/0/"): drop.reason for drop in result.drops}
    assert left_out.pop("T3") == "span_empty"
    assert set(left_out) == {"R1", "E1", "E2", "S1", "S1.T3", "S2.T3", "group1", "group1.T3", "A1", "A2"}  # fmt: skip
    assert set(left_out.values()) == {"ref_left_out"}


def test_a_set_of_one_in_the_source_stays() -> None:
    assert made({"coreferences": [["T1"]]}, **SETS).only.coreferences == [
        Coreference(id="S1", refs=["T1"])
    ]


@pytest.mark.parametrize("second", ["T1", "R1"])
def test_an_id_that_is_taken_is_a_fault(second: str) -> None:
    row = {"relations": [relation(), relation(id=second)]}

    assert made(row, relations={"id": "id"}).reasons == [("record", "id_repeated")]
    assert len(made(row, relations={"id": "id"}, known=True).only.relations or []) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"coreferences": ["T1"]},
        {"groups": [{"refs": ["T1", "T2"]}]},
        {"groups": ["T1"]},
        {"attributes": [{"name": "Negation"}]},
        {"attributes": [{"ref": "T1"}]},
    ],
    ids=repr,
)
def test_what_is_no_set_or_attribute_makes_a_malformed_row(row: dict[str, Any]) -> None:
    assert made(row, **SETS).reasons == [("record", "row_malformed")]
