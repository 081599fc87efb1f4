"""Names of one document: the PMID, PMCID and DOI that one record or another gives for the same paper.

Where a dataset carries several names of its documents, they are one name to all datasets: a paper protected by its
PMCID is known by its PMID if some third dataset gives both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from taiyi_corpus.curate.compared import document_hash
from taiyi_corpus.curate.grams import I64, U64, contains

# A registered trial (NCT) is no name of a paper: several papers report one.
_PAPER = ("pmid:", "pmcid:", "doi:")
_MOST = 4  # names a document may have beside one; what has more names a journal or a dataset


def links(named: Iterable[Sequence[str]]) -> U64:
    """Return pairs of hashes of names, from the names that each of some records gives for its document."""
    pairs: set[tuple[int, int]] = set()
    for names in named:
        papers = [document_hash(name) for name in names if name.startswith(_PAPER)]
        pairs.update((papers[0], other) for other in papers[1:] if other != papers[0])
    return np.array(sorted(pairs), dtype=np.uint64).reshape(-1, 2)


class Names:
    """Which names are of one document, over all pairs that are known."""

    def __init__(self, pairs: Sequence[U64]) -> None:
        joined = np.unique(np.concatenate([np.empty((0, 2), np.uint64), *pairs]), axis=0)
        self._names, place = np.unique(joined, return_inverse=True)
        a, b = place.reshape(-1, 2).T
        count = np.bincount(np.concatenate([a, b]), minlength=len(self._names))
        sound = (count[a] <= _MOST) & (count[b] <= _MOST)
        self._first = _least_connected(len(self._names), a[sound], b[sound])

    def __len__(self) -> int:
        return len(self._names)

    def one_name(self, hashes: U64) -> U64:
        """Return for each name the one that stands for all names of its document."""
        known = contains(hashes, self._names)
        place = np.searchsorted(self._names, hashes[known])
        found = hashes.copy()
        found[known] = self._names[self._first[place]]
        return found


def _least_connected(count: int, a: I64, b: I64) -> I64:
    """Return for each of `count` things the least one that pairs connect it to."""
    first: I64 = np.arange(count, dtype=np.int64)
    while True:
        before = first.copy()
        least = np.minimum(first[a], first[b])
        np.minimum.at(first, a, least)
        np.minimum.at(first, b, least)
        first = first[first]
        if (first == before).all():
            return first
