"""Whether hashes are in a table of many, where most are not."""

from __future__ import annotations

import numpy as np

from taiyi_corpus.curate.grams import I64, U64, contains

_SLOTS = 8  # places for each hash of the table
_MOST_BITS = 24  # 16 MB at most


class Sieve:
    """A sorted table of hashes, and which of their first bits occur: most values are not in it, which those tell."""

    def __init__(self, table: U64) -> None:
        self._table = table
        bits = min(max((_SLOTS * len(table)).bit_length(), 10), _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._there = np.zeros(1 << bits, dtype=np.bool_)
        self._there[table >> self._shift] = True

    def places(self, values: U64) -> I64:
        """Return the places of the values that are in the table, in order."""
        if not len(self._table):
            return np.empty(0, dtype=np.int64)
        maybe = np.flatnonzero(self._there.take((values >> self._shift).view(np.int64)))
        return np.asarray(maybe[contains(values[maybe], self._table)], dtype=np.int64)
