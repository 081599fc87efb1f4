"""What an instruction calls the labels of a dataset in both languages, and what a user is told of size and licence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pytest

from taiyi_corpus import paths
from taiyi_corpus.spec.dataset import LabelName
from taiyi_corpus.spec.registry import load_registry

REGISTRY = load_registry([paths.bundled("registry")])
PARTS = ("entities", "relations", "events", "roles", "classes", "attributes")
NEEDS = {
    "ner": ("entities",), "re": ("relations",), "cre": ("relations",), "ee": ("events",), "tc": ("classes",),
    "tp_te": ("classes",), "tp_ss": ("classes", "scale"),
}  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")
SYMBOL = re.compile(r"[A-Z]{2,}[0-9]*")  # DNA, SNP: written so in Chinese, too
ids = pytest.mark.parametrize("id_", list(REGISTRY))


def names(id_: str) -> dict[str, Mapping[str, LabelName]]:
    return {part: getattr(REGISTRY[id_].labels, part) for part in PARTS}


@ids
def test_each_label_has_a_name_in_english_and_in_chinese(id_: str) -> None:
    every = [name for part in names(id_).values() for name in part.values()]
    assert [name.en for name in every if HAN.search(name.en)] == []
    assert [n.zh for n in every if not HAN.search(n.zh) and not SYMBOL.fullmatch(n.zh)] == []


@ids
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_labels_are_called_alike(id_: str, language: str) -> None:
    for part in names(id_).values():
        called = Counter(getattr(name, language).casefold() for name in part.values())
        assert [name for name, count in called.items() if count > 1] == []


@ids
def test_a_task_has_the_labels_it_asks_for(id_: str) -> None:
    spec = REGISTRY[id_]
    there = {part for part, labels in names(id_).items() if labels} | (
        {"scale"} if spec.scale else set()
    )
    assert [task for task in spec.tasks if task in NEEDS and not there & set(NEEDS[task])] == []


@ids
def test_a_relation_says_what_it_relates(id_: str) -> None:
    labels = REGISTRY[id_].labels
    known = {*labels.entities, *labels.events, *labels.relations}
    for code, relation in labels.relations.items():
        assert relation.args or not relation.ask, code
        for role, types in relation.args.items():  # no types: of any type
            assert sorted(set(types) - known) == [], f"{code}: {role}"


@ids
def test_an_event_names_its_roles(id_: str) -> None:
    labels = REGISTRY[id_].labels
    for code, event in labels.events.items():
        assert sorted(set(event.roles) - labels.roles.keys()) == [], code


@ids
def test_who_says_the_licence_and_what_is_not_known_stays_so(id_: str) -> None:
    licence = REGISTRY[id_].license
    assert licence.says.strip()
    if licence.name in ("not stated", "unknown"):
        assert licence.redistributable is not True


@ids
def test_two_sizes_come_with_the_reason(id_: str) -> None:
    expect = REGISTRY[id_].expect
    if expect.paper:
        assert expect.note
        assert dict(expect.paper) != dict(expect.records)
