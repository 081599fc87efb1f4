"""The records that may repeat another: all that is held of a build's records to say which of them go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Batch, ids_of
from taiyi_corpus.curate.grams import I64, U64
from taiyi_corpus.curate.repeated import Hashed, repeated
from taiyi_corpus.engine import Run
from taiyi_corpus.ledger import Drop
from taiyi_corpus.schema.record import SPLITS
from taiyi_corpus.spec.curation import Curation


class Rivals:
    """Such records, part after part; of their hashes no more is held than a comparison needs."""

    def __init__(
        self, batches: Sequence[Batch], ranks: Mapping[str, int], curation: Curation, run: Run
    ) -> None:
        self._batches = batches
        number = {id_: at for at, id_ in enumerate(sorted({batch.dataset for batch in batches}))}
        self.names = list(number)
        own = np.array([number[batch.dataset] for batch in batches], dtype=np.int32)
        splits = np.array([SPLITS.index(one.curated.part.split) for one in batches], dtype=np.int8)
        parts = [
            Hashed(one.curated.known, len(one.curated.keep), owner)
            for one, owner in zip(batches, (own * len(SPLITS) + splits).tolist(), strict=True)
        ]
        self._links = Names([one.curated.array("links") for one in batches])
        rows = repeated(parts, self._links, curation, run)
        starts = np.cumsum([0, *(part.rows for part in parts)])
        self._part = np.searchsorted(starts, rows, side="right") - 1
        self._row = rows - starts[self._part]  # in its part
        self.dataset, self.split = own[self._part], splits[self._part]
        self.keep = np.empty(len(rows), np.bool_)
        for batch, mine in self._of_parts(np.arange(len(rows))):
            self.keep[mine] = batch.curated.keep[self._row[mine]]
        self.rank = self._ranked(ranks)

    def _of_parts(self, some: I64) -> Iterator[tuple[Batch, I64]]:
        """Yield each part that some of the records are of, with the places of these among them."""
        parts = self._part[some]
        for at in np.unique(parts).tolist():
            yield self._batches[at], np.flatnonzero(parts == at)

    def _ranked(self, ranks: Mapping[str, int]) -> I64:
        first = np.array([ranks[name] for name in self.names], dtype=np.int32)[self.dataset]
        # Test and validation keep what train repeats; equal ids cannot be, equal hashes of ids go by place.
        order = np.lexsort((self.array("ids"), first, -self.split))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def array(self, name: str) -> npt.NDArray[Any]:
        """Return one kind of hash, or the sketches; zeros where a part has none."""
        found: npt.NDArray[Any] | None = None
        for batch, mine in self._of_parts(np.arange(len(self._row))):
            own = batch.curated.array(name)
            if found is None:
                found = np.zeros((len(self._row), *own.shape[1:]), own.dtype)
            if len(own):
                found[mine] = own[self._row[mine]]
        return np.empty(0, np.uint64) if found is None else found

    def documents(self) -> U64:
        """Return the names of documents, all names of one document made one."""
        return self._links.one_name(self.array("documents"))

    def keys(self) -> U64:
        """Return what may not repeat within a dataset."""
        keys: U64 = self.array("keys")
        return np.where((keys != 0) & self.keep, keys ^ self.salt(), np.uint64(0))

    def salt(self) -> U64:
        """Return for each record a number that tells its dataset from others."""
        salts = [xxhash.xxh3_64_intdigest(name.encode()) for name in self.names]
        found: U64 = np.array(salts, dtype=np.uint64)[self.dataset]
        return found

    def alive(self, keys: U64) -> U64:
        """Return keys, 0 for those of records that went."""
        return np.where(self.keep, keys, np.uint64(0))

    def drop(
        self, drops: dict[str, list[Drop]], reason: str, of: I64, *, named: bool = True
    ) -> None:
        """Drop every record that `of` gives another one for, and name that one in the ledger."""
        gone = np.flatnonzero((of >= 0) & self.keep)
        self.keep[gone] = False
        kept = self._ids(of[gone]) if named else [""] * len(gone)
        lines = list(zip(self._ids(gone), kept, strict=True))
        for batch, mine in self._of_parts(gone):
            batch.curated.keep[self._row[gone[mine]]] = False
            split = batch.curated.part.split
            drops[batch.dataset] += [
                Drop("curate", "record", batch.dataset, split, id_, reason, other)
                for id_, other in (lines[at] for at in mine.tolist())
            ]

    def _ids(self, some: I64) -> list[str]:
        """Return the ids of records, each part read once."""
        found = np.empty(len(some), dtype=object)
        for batch, mine in self._of_parts(some):
            found[mine] = ids_of(batch.curated.part, self._row[some[mine]])
        return [str(id_) for id_ in found]
