"""What is found out about the texts of records by their tokens, in one look at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus.curate.grams import I64, U64
from taiyi_corpus.curate.leaks import may_leak
from taiyi_corpus.curate.pieces import laid
from taiyi_corpus.curate.protected import Index
from taiyi_corpus.curate.sketch import SLOTS, Sketches, sketch
from taiyi_corpus.curate.words import cut
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Duplicates


class Looked(Struct, frozen=True):
    """Arrays over records; of each, what is said of the text by which it is the same as another."""

    wholes: U64  # hash; 0: no text
    words: I64
    sketches: Sketches  # no rows where no near duplicates are looked for
    suspects: npt.NDArray[np.bool_]  # records that may hold protected texts: no other does


def look(records: Sequence[Record], settings: Duplicates, index: Index | None) -> Looked:
    """Tokenise the texts of records, and return what that tells."""
    count, near = len(records), settings.near is not None
    found = Looked(
        np.zeros(count, np.uint64),
        np.zeros(count, np.int64),
        np.zeros((count if near else 0, SLOTS), np.uint16),
        np.zeros(count, np.bool_),
    )
    for some in laid(records):
        words = some.tokens.words()
        units = words.runs(some.units)
        found.wholes[some.rows] = some.tokens.wholes_of(some.units)
        found.words[some.rows] = units.sizes()
        if near:
            of = cut(units) if settings.chinese == "words" else units
            found.sketches[some.rows] = sketch(of, settings.shingle, settings.least)
        if index is not None:
            found.suspects[some.rows] = may_leak(some, words, index)
    return found
