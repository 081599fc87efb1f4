"""Queries, passages and judgements become queries with the passages that answer them."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters.query_passages import adapt
from taiyi_corpus.readers.row import BadRow, Row

PASSAGES = {"101": "热敷", "102": "冷敷", "103": "多喝水"}


def row(file: str, *cells: str) -> Row:
    """Return a line of a table of four columns, filled up with null."""
    padded = [*cells, None, None, None][:4]
    return Row(
        f"KUAKE-IR/{file}:1",
        None,
        dict(zip(("id", "first", "second", "third"), padded, strict=True)),
    )


def adapted(*judged: tuple[str, ...], passages: dict[str, str] = PASSAGES) -> list[Any]:
    """Return the pairs of the queries 1 and 2."""
    rows = [row("corpus.tsv", *cells) for cells in passages.items()]
    rows += [row("dev_query.txt", "1", "脚扭伤了怎么办"), row("dev_query.txt", "2", "感冒吃什么")]
    rows += [row("dev.tsv", *cells) for cells in judged]
    return list(adapt(iter(rows), {}))


@pytest.mark.parametrize("judged", [("1", "102"), ("1", "0", "102", "1")])
def test_a_judged_pair_in_two_columns_or_four_joins_query_and_passage(
    judged: tuple[str, ...],
) -> None:
    assert adapted(judged)[0].data == {
        "query_id": "1",
        "query": "脚扭伤了怎么办",
        "passage_ids": ["102"],
        "passages": ["冷敷"],
    }


def test_a_query_may_have_several_relevant_passages() -> None:
    assert adapted(("1", "101"), ("1", "102"))[0].data["passages"] == ["热敷", "冷敷"]


def test_a_query_that_nobody_judged_stays_alone() -> None:
    assert adapted(("1", "102"))[-1].data == {"query_id": "2", "query": "感冒吃什么"}


def test_a_judgement_of_an_unknown_passage_is_broken() -> None:
    assert isinstance(adapted(("1", "999"))[0], BadRow)


def test_without_passages_there_is_nothing_to_give() -> None:
    assert adapted(("1", "102"), passages={}) == []
