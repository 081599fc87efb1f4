"""Best-fit packing: every row once, no sequence too long, and hardly any room left."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.export.packing import best_fit


def test_the_fullest_sequence_with_room_is_taken() -> None:
    assert best_fit([3, 5, 2, 4], 7) == [[1, 2], [3, 0]]


def test_nothing_makes_nothing() -> None:
    assert best_fit([], 8) == []


def test_a_row_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="1 rows longer than 4"):
        best_fit([3, 5], 4)


@given(st.lists(st.integers(min_value=1, max_value=64), max_size=200))
def test_every_row_is_in_one_sequence_and_none_is_over(lengths: list[int]) -> None:
    bins = best_fit(lengths, 64)

    assert sorted(row for rows in bins for row in rows) == list(range(len(lengths)))
    assert all(sum(lengths[row] for row in rows) <= 64 for rows in bins)


def test_a_mix_of_lengths_fills_98_percent() -> None:
    draw = random.Random(7)
    lengths = [min(2048, max(20, int(draw.lognormvariate(5.6, 0.8)))) for _ in range(20_000)]
    bins = best_fit(lengths, 2048)

    assert sum(lengths) / (len(bins) * 2048) >= 0.98
