"""Exact shares: they sum to what is wanted, keep limits and floors, and follow the weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.mix.apportion import apportion

NAMES = st.sampled_from("abcdef")
WEIGHTS = st.dictionaries(
    NAMES, st.floats(0.0, 1000.0).filter(lambda w: w == 0 or w > 1e-3), min_size=1
)


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[str, float], dict[str, int], dict[str, int]]:
    weights = draw(WEIGHTS)
    limits = {name: draw(st.integers(0, 60)) for name in weights}
    floors = {name: draw(st.integers(0, 30)) for name in weights if draw(st.booleans())}
    return weights, limits, floors


def usable(weights: dict[str, float], limits: dict[str, int]) -> int:
    return sum(limits[name] for name in weights if weights[name] > 0)


@given(st.integers(0, 300), problems())
def test_shares_are_whole_sum_exactly_and_keep_their_limits(
    total: int, problem: tuple[dict[str, float], dict[str, int], dict[str, int]]
) -> None:
    weights, limits, floors = problem
    shares = apportion(total, weights, limits, floors)

    assert set(shares) == set(weights)
    assert sum(shares.values()) == min(total, usable(weights, limits))
    for name, share in shares.items():
        assert isinstance(share, int)
        assert 0 <= share <= limits[name]
        assert share == 0 or weights[name] > 0


@given(st.integers(0, 300), problems())
def test_floors_are_kept_as_far_as_limits_and_total_allow(
    total: int, problem: tuple[dict[str, float], dict[str, int], dict[str, int]]
) -> None:
    weights, limits, floors = problem
    kept = {n: min(f, limits[n]) for n, f in floors.items() if weights[n] > 0}
    shares = apportion(total, weights, limits, floors)

    if sum(kept.values()) <= total:
        assert all(shares[name] >= floor for name, floor in kept.items())
    else:  # they share what there is
        assert all(shares[name] <= kept.get(name, 0) for name in shares)


@given(st.integers(0, 200), problems())
def test_a_larger_total_takes_from_none_but_what_rounding_moves(
    total: int, problem: tuple[dict[str, float], dict[str, int], dict[str, int]]
) -> None:
    weights, limits, _ = problem
    less, more = apportion(total, weights, limits), apportion(total + 1, weights, limits)

    # Largest remainders may move a single row (the Alabama paradox), never more.
    assert all(more[name] >= less[name] - 1 for name in weights)


@given(st.integers(0, 300), WEIGHTS)
def test_without_limits_each_share_is_its_quota_rounded_up_or_down(
    total: int, weights: dict[str, float]
) -> None:
    whole = sum(weights.values())
    shares = apportion(total, weights, dict.fromkeys(weights, 1000))

    for name, share in shares.items():
        quota = total * weights[name] / whole if whole else 0.0
        assert abs(share - quota) < 1 + 1e-6


@given(st.integers(0, 300), problems())
def test_the_order_of_names_changes_nothing(
    total: int, problem: tuple[dict[str, float], dict[str, int], dict[str, int]]
) -> None:
    weights, limits, floors = problem
    turned = dict(reversed(weights.items()))

    assert apportion(total, turned, limits, floors) == apportion(total, weights, limits, floors)


@pytest.mark.parametrize(
    ("total", "weights", "limits", "floors", "shares"),
    [
        (10, {"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 9, "c": 9}, {}, {"a": 1, "b": 3, "c": 6}),
        (1, {"b": 1, "a": 1}, {"a": 9, "b": 9}, {}, {"a": 1, "b": 0}),  # a tie: the first name
        (10, {"a": 9, "b": 1}, {"a": 99, "b": 99}, {"b": 4}, {"a": 6, "b": 4}),
        (3, {"a": 1, "b": 1}, {"a": 9, "b": 9}, {"a": 4, "b": 8}, {"a": 1, "b": 2}),
        (10, {"a": 1, "b": 0}, {"a": 4, "b": 9}, {"b": 5}, {"a": 4, "b": 0}),
        (
            10,
            {"a": 0.7, "b": 0.2, "c": 0.1},
            {"a": 99, "b": 99, "c": 99},
            {},
            {"a": 7, "b": 2, "c": 1},
        ),
        (0, {"a": 1}, {"a": 9}, {}, {"a": 0}),
        (5, {}, {}, {}, {}),
    ],
)
def test_worked_examples(
    total: int,
    weights: dict[str, float],
    limits: dict[str, int],
    floors: dict[str, int],
    shares: dict[str, int],
) -> None:
    assert apportion(total, weights, limits, floors) == shares
