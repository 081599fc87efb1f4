"""Each filter alone, by a text that trips it and one that does not."""

from __future__ import annotations

import pytest

from taiyi_corpus.curate.filters import COLUMNS, FILTERS, chosen
from taiyi_corpus.errors import InputError
from taiyi_corpus.schema.record import Answer, Record, Turn
from tests.instruct.asking import record

ASKED, ANSWERED = Turn("user", "Why?"), Turn("assistant", "So.")
TRIPPED: dict[str, Record] = {
    "dialogue_one_sided": record(turns=[ASKED]),
    "answer_is_question": record(
        question="Why? ", answers=[Answer(text="So."), Answer(text=" Why?")]
    ),
    "pair_identical_sides": record(source="a ", target=" a"),
}
PASSED: dict[str, list[Record]] = {
    "dialogue_one_sided": [record(turns=[ASKED, ANSWERED]), record(text="x")],
    "answer_is_question": [
        record(question="Why?", answers=[Answer(text="So.")]),
        record(question="Why?"),
        record(text="x"),
    ],
    "pair_identical_sides": [
        record(source="a", target="A"),
        record(source="a"),
        record(target="a"),
    ],
}


def test_every_filter_is_tried() -> None:
    assert set(TRIPPED) == set(PASSED) == set(FILTERS)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_drops_what_it_is_named_for_and_nothing_else(name: str) -> None:
    assert FILTERS[name](TRIPPED[name])
    assert [FILTERS[name](found) for found in PASSED[name]] == [None] * len(PASSED[name])
    others = [other for other in FILTERS if other != name]
    assert [FILTERS[other](TRIPPED[name]) for other in others] == [None] * len(others)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_needs_only_the_columns_that_are_read_for_it(name: str) -> None:
    bare = {column: getattr(TRIPPED[name], column) for column in COLUMNS}

    assert FILTERS[name](record(**bare))


def test_filters_come_in_the_order_of_the_recipe() -> None:
    names = [*FILTERS][::-1]

    assert [name for name, _ in chosen(names)] == names


def test_every_unknown_filter_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError) as error:
        chosen(["answer_is_questoin", "dialogue_one_sided", "?"])

    assert [fault.found for fault in error.value.faults] == ["'answer_is_questoin'", "'?'"]
    assert "'answer_is_question'" in error.value.faults[0].hint
