"""Values by their rank in many arrays together: where a stratum ends, where a shard begins.

The arrays are read twice, one at a time: once to count values by their first bits, once for those that share them with
a value that is asked for. What is held does not grow with the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from taiyi_corpus.mix.choose import U64

_BITS = 16


def at_ranks(arrays: Callable[[], Iterator[U64]], ranks: Sequence[int]) -> U64:
    """Return the values that have these ranks, from 0, among all values of the arrays, in order.

    Args:
        arrays: gives the arrays anew each time it is called.
        ranks: below the number of values.
    """
    wanted = np.array(ranks, dtype=np.int64)
    counts = np.zeros(1 << _BITS, dtype=np.int64)
    for values in arrays() if len(wanted) else ():
        counts += np.bincount(_first(values), minlength=len(counts))
    ends = np.cumsum(counts)
    bins = np.searchsorted(ends, wanted, side="right")
    asked = np.zeros(len(counts), dtype=np.bool_)
    asked[bins] = True
    found = (values[asked[_first(values)]] for values in (arrays() if len(wanted) else ()))
    near: U64 = np.sort(np.concatenate([np.empty(0, np.uint64), *found]))
    # Before a value are those of its bin, and of the bins before it that are held.
    held = np.cumsum(np.where(asked, counts, 0)) - counts
    return np.asarray(near[held[bins] + wanted - (ends - counts)[bins]], dtype=np.uint64)


def shares(arrays: Callable[[], Iterator[U64]], quota: int) -> list[int]:
    """Return how many of the `quota` smallest values each array has; equal ones count in the order of the arrays."""
    if not quota:
        return [0 for _ in arrays()]
    (bound,) = at_ranks(arrays, [quota - 1])
    below, ties = [], []
    for values in arrays():
        below.append(int((values < bound).sum()))
        ties.append(int((values == bound).sum()))
    left, given = quota - sum(below), []
    for smaller, equal in zip(below, ties, strict=True):
        given.append(smaller + min(equal, left))
        left -= min(equal, left)
    return given


def _first(values: U64) -> npt.NDArray[np.int64]:
    return (values >> np.uint64(64 - _BITS)).astype(np.int64)
