"""Values by rank in many arrays are those of the arrays put together, and sorted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.mix.ranks import at_ranks, shares

# Few different values, so that some are equal, and of those some far apart and some close to each other.
VALUES = st.sampled_from([0, 1, 2, 2**48 - 1, 2**48, 2**63 + 5, 2**64 - 1]) | st.integers(
    0, 2**64 - 1
)
ARRAYS = st.lists(
    st.lists(VALUES, max_size=20).map(lambda values: np.array(values, dtype=np.uint64)),
    min_size=1,
    max_size=5,
)


@given(ARRAYS)
def test_every_value_has_its_rank(arrays: list[npt.NDArray[np.uint64]]) -> None:
    together = np.sort(np.concatenate(arrays))

    assert at_ranks(lambda: iter(arrays), range(len(together))).tolist() == together.tolist()


@given(ARRAYS, st.data())
def test_shares_are_those_of_the_smallest_equal_ones_in_the_order_of_the_arrays(
    arrays: list[npt.NDArray[np.uint64]], data: st.DataObject
) -> None:
    together = np.concatenate(arrays)
    quota = data.draw(st.integers(0, len(together)))
    smallest = np.argsort(together, kind="stable")[:quota]
    owners = np.repeat(np.arange(len(arrays)), [len(one) for one in arrays])[smallest]

    assert (
        shares(lambda: iter(arrays), quota) == np.bincount(owners, minlength=len(arrays)).tolist()
    )
