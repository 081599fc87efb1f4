"""Measures made of sums over rows, so that a resample of rows is a sum over other rows.

A measure is a table of numbers, a row for each scored row, and a function from the sums of its columns to a value in
0 ... 100. Where the function cannot rate (0 / 0, a constant), the value is None and a note says why: never NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus import hashing

Sums = npt.NDArray[np.float64]  # (resamples, columns)
Rate = Callable[[Sums], Sums]  # -> (resamples,), NaN where it cannot rate
_LEVEL = (2.5, 97.5)
_CELLS = 4_000_000  # numbers drawn at a time


class Measured(Struct, frozen=True, omit_defaults=True):
    """A value with its 95 % interval; `note` says why there is none."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


class Measure(Struct, frozen=True):
    """A name, a line of numbers for each row, how to rate their sums, what to say where that is impossible."""

    name: str
    table: Sequence[Sequence[float]]
    rate: Rate
    unrated: str


def rated(measure: Measure, samples: int, seed: int, key: str) -> Measured:
    """Return the value of a measure and the interval of its bootstrap over rows; `samples` 0: no interval.

    The draws depend on (seed, key) and the number of rows alone, so rows must come in an order of their own.
    """
    table = np.asarray(measure.table, dtype=np.float64)
    value = measure.rate(table.sum(axis=0, keepdims=True))[0] if table.size else np.nan
    if not np.isfinite(value):
        return Measured(measure.name, None, note=measure.unrated)
    if not samples:
        return Measured(measure.name, _rounded(value))
    drawn = measure.rate(_resampled(table, samples, hashing.hash64(seed, "bootstrap", key)))
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, _LEVEL) if drawn.size else (value, value)
    return Measured(measure.name, _rounded(value), _rounded(low), _rounded(high))


def _resampled(table: Sums, samples: int, seed: int) -> Sums:
    rows, random = len(table), np.random.default_rng(seed)
    step = max(1, _CELLS // rows)
    parts: list[Sums] = []
    for start in range(0, samples, step):
        drawn = random.integers(0, rows, size=(min(step, samples - start), rows))
        counts = np.stack([np.bincount(draw, minlength=rows) for draw in drawn]).astype(np.float64)
        parts.append(counts @ table)
    return np.concatenate(parts)


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _ratio(part: Sums, whole: Sums) -> Sums:
    made: Sums = np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return made


def f1(sums: Sums) -> Sums:
    """Rate (hits, found, gold): micro F1."""
    hits, found, gold = sums.T
    return 100 * _ratio(2 * hits, found + gold)


def macro_f1(sums: Sums) -> Sums:
    """Rate (hits, found, gold) of each type in turn: the mean F1 of the types that are there."""
    each = f1(sums.reshape(-1, 3)).reshape(len(sums), -1)
    there = np.isfinite(each)
    return _ratio(np.where(there, each, 0.0).sum(axis=1), there.sum(axis=1).astype(np.float64))


def precision(sums: Sums) -> Sums:
    """Rate (hits, found, gold): precision, 0 where nothing is found but something is there."""
    hits, found, gold = sums.T
    return 100 * _ratio(hits, np.where((found == 0) & (gold > 0), 1.0, found))


def recall(sums: Sums) -> Sums:
    """Rate (hits, found, gold): recall."""
    hits, _, gold = sums.T
    return 100 * _ratio(hits, gold)


def mean(sums: Sums) -> Sums:
    """Rate (sum, count): the mean of values in 0 ... 1."""
    return 100 * _ratio(sums[:, 0], sums[:, 1])


def two_sided(sums: Sums) -> Sums:
    """Rate (weight of gold, gold, weight of found, found): F1 of the two means."""
    gold_weight, gold, found_weight, found = sums.T
    recall_ = _ratio(gold_weight, gold)
    precision_ = np.where(found > 0, _ratio(found_weight, found), 0.0)
    both = precision_ + recall_
    made: Sums = 100.0 * np.where(
        both > 0, _ratio(2 * precision_ * recall_, both), np.where(gold > 0, 0.0, np.nan)
    )
    return made


def pearson(sums: Sums) -> Sums:
    """Rate (1, x, y, xx, yy, xy): the correlation, times 100."""
    n, x, y, xx, yy, xy = sums.T
    spread = (n * xx - x * x) * (n * yy - y * y)
    # Sums of equal numbers differ from zero by rounding alone.
    flat = (n * xx - x * x <= 1e-9 * np.maximum(n * xx, 1e-12)) | (
        n * yy - y * y <= 1e-9 * np.maximum(n * yy, 1e-12)
    )
    root = np.sqrt(np.where(flat, np.nan, spread))
    made: Sums = 100.0 * np.clip((n * xy - x * y) / root, -1.0, 1.0)
    return made
