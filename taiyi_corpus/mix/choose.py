"""Choice by order of preference: a stratum gives the instances whose hashes are smallest.

The order is a pure function of (seed, instance id), so a smaller quota is a prefix of a larger one and other datasets
change nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)

U64 = npt.NDArray[np.uint64]


class Choice(Struct):
    """What is taken of one stratum: positions in its candidate array, and the repeat each belongs to."""

    index: npt.NDArray[np.int64]
    repeat: npt.NDArray[np.int64]


def choose(order: U64, quota: int) -> Choice:
    """Return the `quota` first candidates by order of preference; over one round, whole rounds and then a prefix."""
    ranked = np.argsort(order, kind="stable")
    rounds, rest = divmod(quota, len(order)) if len(order) else (0, 0)
    index = np.concatenate([*([ranked] * rounds), ranked[:rest]])
    repeat = np.concatenate([np.repeat(np.arange(rounds), len(order)), np.full(rest, rounds)])
    return Choice(index.astype(np.int64), repeat.astype(np.int64))


def shuffle_keys(order: U64, repeat: npt.NDArray[np.int64]) -> U64:
    """Return the keys that place instances in the global shuffle: a bijective mix (splitmix64) of order and repeat."""
    with np.errstate(over="ignore"):
        x = order + _GOLDEN * (repeat.astype(np.uint64) + np.uint64(1))
        x = (x ^ (x >> np.uint64(30))) * _MIX1
        x = (x ^ (x >> np.uint64(27))) * _MIX2
    return np.asarray(x ^ (x >> np.uint64(31)), dtype=np.uint64)
