"""A role that the labels do not list is a fault of the registry file, named before any answer is tried."""

from __future__ import annotations

from taiyi_corpus.review.roles import unlisted_roles
from taiyi_corpus.schema.record import Argument, Event, Record, Relation
from tests.toys import DRUG_AND_DISEASE, dataset

LABELS = {
    "entities": DRUG_AND_DISEASE,
    "relations": {
        "Causes": {"en": "causes", "zh": "引起", "args": {"Arg1": ["Drug"], "Arg2": ["Disease"]}}
    },
    "events": {"Relief": {"en": "relief", "zh": "缓解", "roles": ["Theme"]}},
}


def record(relation: list[str], event: list[str]) -> Record:
    return Record(
        id="a/train/0",
        dataset="a",
        split="train",
        language="en",
        origin="raw",
        license="none",
        relations=[
            Relation(id="R1", type="Causes", args=[Argument(role=r, ref="T1") for r in relation])
        ],
        events=[Event(id="E1", type="Relief", args=[Argument(role=r, ref="T1") for r in event])],
    )


def test_listed_roles_are_no_fault() -> None:
    spec = dataset(tasks=["re"], labels=LABELS)
    assert unlisted_roles(spec, [record(["Arg1", "Arg2"], ["Theme"])]) == []


def test_others_are_named_with_their_label() -> None:
    spec = dataset(tasks=["re"], labels=LABELS)
    faults = unlisted_roles(spec, [record(["Arg1", "Arg3"], ["Cause"])] * 2)
    assert [(fault.where.split(": ")[1], fault.wanted) for fault in faults] == [
        ("labels.events.Relief.roles", "the role 'Cause', which occurs in the records"),
        ("labels.relations.Causes.args", "the role 'Arg3', which occurs in the records"),
    ]
    assert faults[0].found == "none of that name, 2 times"
