"""Choice: the order of preference is fixed, a smaller quota is a prefix of a larger one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.mix.choose import choose, shuffle_keys

ORDERS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30, unique=True).map(
    lambda values: np.array(values, dtype=np.uint64)
)


@given(ORDERS, st.integers(0, 100), st.integers(0, 100))
def test_a_smaller_quota_is_a_prefix_of_a_larger_one(
    order: npt.NDArray[np.uint64], small: int, more: int
) -> None:
    less, all_ = choose(order, small), choose(order, small + more)

    assert all_.index[:small].tolist() == less.index.tolist()
    assert all_.repeat[:small].tolist() == less.repeat.tolist()


@given(ORDERS, st.integers(0, 100))
def test_every_candidate_is_taken_before_one_is_repeated(
    order: npt.NDArray[np.uint64], quota: int
) -> None:
    taken = choose(order, quota)

    assert len(taken.index) == quota
    for round_ in range(quota // len(order) + 1):
        of_round = taken.index[taken.repeat == round_]
        assert len(set(of_round.tolist())) == len(of_round)
        smallest = np.sort(order)[: len(of_round)]
        assert np.array_equal(order[of_round], smallest)


@given(ORDERS, ORDERS, st.integers(0, 30))
def test_what_else_there_is_changes_no_order(
    order: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64], quota: int
) -> None:
    together = np.concatenate([order, np.setdiff1d(other, order)])
    ranked = [n for n in choose(together, len(together)).index.tolist() if n < len(order)]

    assert ranked == choose(order, len(order)).index.tolist()


def test_nothing_to_choose_from_gives_nothing() -> None:
    assert len(choose(np.empty(0, np.uint64), 5).index) == 0


@given(ORDERS)
def test_places_clash_neither_within_a_round_nor_over_repeats(
    order: npt.NDArray[np.uint64],
) -> None:
    keys = [shuffle_keys(order, np.full(len(order), repeat)) for repeat in range(3)]

    for of_round in keys:
        assert len(np.unique(of_round)) == len(order)
    for of_instance in zip(*keys, strict=True):
        assert len(set(of_instance)) == 3


def test_the_shuffle_does_not_follow_the_order_of_preference() -> None:
    order = np.arange(0, 2**60, 2**50, dtype=np.uint64)
    keys = shuffle_keys(order, np.zeros(len(order), np.int64)).astype(np.float64)

    assert abs(np.corrcoef(order.astype(np.float64), keys)[0, 1]) < 0.1
