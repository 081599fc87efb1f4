"""Splits by hash of the group."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from taiyi_corpus.curate.groups import group_keys, split_of
from taiyi_corpus.schema.record import Record, Split
from tests.curate.made import answered, record

SHARES: dict[Any, float] = {"validation": 0.1, "test": 0.2}


def splits_of(records: list[Record], shares: dict[Any, float], seed: int = 0) -> list[Split]:
    return [split_of(key, shares, seed) for key in group_keys(records)]


def test_shares_are_those_asked_for_and_more_shares_move_no_group_back() -> None:
    records = [record(str(n), text=f"text {n}") for n in range(4000)]
    splits = splits_of(records, SHARES)
    counts = Counter(splits)
    assert abs(counts["validation"] - 400) < 60
    assert abs(counts["test"] - 800) < 80
    smaller = splits_of(records, {"validation": 0.05})
    assert {b for a, b in zip(splits, smaller, strict=True) if a != "validation"} == {"train"}
    assert splits_of(records, SHARES, seed=1) != splits


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
    keys = group_keys([pair[0], record("0", text="between"), pair[1]])
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.parametrize(
    "pair",
    [
        (record(group="1"), record(group="1", dataset="other")),
        (record("1", text="?!"), record("2", text="?!")),  # no word tells them apart, or together
    ],
    ids=["groups of two datasets", "texts without words"],
)
def test_what_does_not_belong_together_has_two(pair: tuple[Any, Any]) -> None:
    one, other = group_keys(list(pair))
    assert one != other
