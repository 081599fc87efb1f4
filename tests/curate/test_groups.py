"""Splits by hash of the group."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from taiyi_corpus.curate.groups import group_key, split_by_group
from taiyi_corpus.errors import InputError
from tests.curate.made import answered, record

SHARES: dict[Any, float] = {"validation": 0.1, "test": 0.2}


def test_shares_are_those_asked_for_and_more_shares_move_no_group_back() -> None:
    records = [record(str(n), text=f"text {n}") for n in range(4000)]
    splits = [split_by_group(found, SHARES) for found in records]
    counts = Counter(splits)
    assert abs(counts["validation"] - 400) < 60
    assert abs(counts["test"] - 800) < 80
    smaller = [split_by_group(found, {"validation": 0.05}) for found in records]
    assert {b for a, b in zip(splits, smaller, strict=True) if a != "validation"} == {"train"}
    assert [split_by_group(found, SHARES, seed=1) for found in records] != splits


@pytest.mark.parametrize(
    "pair",
    [
        (record("1", text="a", group="p1"), record("2", text="b", group="p1")),
        (
            record("1", text="a", document_ns="pmid", document_id="7"),
            record("2", text="b", document_ns="PMID", document_id="7"),
        ),
        (record("1", text="The same."), record("2", text="the  same")),
        (answered("1", "Why?", "So."), answered("2", "why", "so!")),
    ],
    ids=["group", "document", "text", "question with answer"],
)
def test_what_belongs_together_has_one_key(pair: tuple[Any, Any]) -> None:
    assert group_key(pair[0]) == group_key(pair[1])


def test_groups_of_two_datasets_are_two_groups() -> None:
    assert group_key(record(group="1")) != group_key(record(group="1", dataset="other"))


@pytest.mark.parametrize("shares", [{"test": 1.0}, {"train": 0.5}, {"test": -0.1}])
def test_impossible_shares_name_their_bounds(shares: dict[Any, float]) -> None:
    with pytest.raises(InputError, match="sum to less than 1"):
        split_by_group(record(text="a"), shares)
