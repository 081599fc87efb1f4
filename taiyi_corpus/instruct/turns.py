"""Turns of many records as one column of texts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

I64 = npt.NDArray[np.int64]


class Turns(Struct, frozen=True):
    """The turns of some records of a table: a question, an answer, a question, an answer ..."""

    rows: I64  # of the records, in order
    texts: pa.StringArray
    bounds: I64  # of the records among the texts

    def totals(self, counts: I64) -> I64:
        """Return the sum over the turns of each record of what was counted of every text."""
        return np.asarray(np.add.reduceat(counts, self.bounds[:-1]), dtype=np.int64)

    def some(self, kept: I64) -> Turns:
        """Return those of some of the records."""
        if len(kept) == len(self.rows):
            return self
        sizes = np.diff(self.bounds)[kept]
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        place = np.repeat(self.bounds[kept] - bounds[:-1], sizes) + np.arange(bounds[-1])
        return Turns(self.rows[kept], self.texts.take(pa.array(place)), bounds)
