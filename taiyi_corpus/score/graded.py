"""Graded pairs: how well predicted scores follow the gold ones.

An answer that is no number counts as the mean of those that are: it says nothing, and costs correlation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from taiyi_corpus.score.measure import Measure, pearson

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_FLAT = "a correlation needs two different scores on either side"


def number(text: str) -> float | None:
    """Return the number that a text is."""
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) and len(text) < 30 else None


def measures(found: Sequence[float | None], gold: Sequence[float]) -> list[Measure]:
    """Return Pearson's and Spearman's correlation."""
    told = [value for value in found if value is not None]
    filler = sum(told) / len(told) if told else 0.0
    x = np.array([filler if value is None else value for value in found], dtype=np.float64)
    y = np.array(gold, dtype=np.float64)
    return [
        Measure("pearson", _table(x, y), pearson, _FLAT),
        Measure("spearman", _table(_ranks(x), _ranks(y)), pearson, _FLAT),
    ]


def _table(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> list[list[float]]:
    x, y = x - x.mean(), y - y.mean()  # sums of squares of numbers far from zero lose digits
    table: list[list[float]] = np.stack(
        [np.ones_like(x), x, y, x * x, y * y, x * y], axis=1
    ).tolist()
    return table


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ranks, equal values sharing the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: npt.NDArray[np.float64] = (last - (counts - 1) / 2.0)[where]
    return middle
