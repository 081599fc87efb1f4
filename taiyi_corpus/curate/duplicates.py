"""Repeats over all datasets: who survives, who goes, and which datasets share documents.

Everything here is about 64-bit hashes and sketches. Survival is by rank: the dataset's priority, then a hash of the
record's id, so that neither the order of input nor the number of workers matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import xxhash
from msgspec import Struct

from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Batch, Curated, ids_of
from taiyi_corpus.curate.grams import I64, U64, contains
from taiyi_corpus.curate.near import exact_duplicates, near_duplicates
from taiyi_corpus.curate.sketch import SLOTS, Sketches
from taiyi_corpus.ledger import Drop
from taiyi_corpus.schema.record import SPLITS
from taiyi_corpus.spec.curation import Curation, Duplicates
from taiyi_corpus.spec.dataset import DatasetSpec

CRAWLED = frozenset(
    {"consultation", "dialogue", "patient", "search", "social-media", "encyclopedia"}
)


class Repeats(Struct):
    """What goes, by dataset, and how many documents two datasets share."""

    drops: dict[str, list[Drop]]
    shared: dict[str, dict[str, int]]  # dataset -> other dataset -> texts or documents in both


def priorities(
    specs: Mapping[str, DatasetSpec], mirrors: Sequence[str], prefer: Sequence[str]
) -> dict[str, int]:
    """Return the rank of datasets: named ones, then annotated before crawled before synthetic, official before mirror.

    Args:
        mirrors: datasets that lie here in another form than the official one.
    """

    def order(id_: str) -> tuple[int, int, bool, str]:
        tags = set(specs[id_].tags)
        kind = 2 if "synthetic" in tags else 1 if tags & CRAWLED else 0
        named = prefer.index(id_) if id_ in prefer else len(prefer)
        return named, kind, id_ in mirrors, id_

    return {id_: place for place, id_ in enumerate(sorted(specs, key=order))}


def drop_repeats(batches: Sequence[Batch], ranks: Mapping[str, int], curation: Curation) -> Repeats:
    """Drop what repeats another record; the masks of the batches are changed, and their sketches used up.

    First conflicting labels go, then held-out documents leave `train`, then repeated keys of a dataset go, equal
    records, near duplicates; what went by one is no better record to the next.
    """
    world = _World(batches, ranks)
    drops: dict[str, list[Drop]] = {batch.dataset: [] for batch in batches}
    shared = _shared(world)
    if "label_conflict" in curation.filters:
        world.drop(drops, "label_conflict", _conflicts(world))
    world.drop(drops, "heldout_twin", _held_out(world), named=False)
    world.drop(drops, "repeated_key", exact_duplicates(world.keys, world.rank))
    settings: Duplicates = curation.duplicates
    if settings.exact:
        world.drop(drops, "duplicate", exact_duplicates(world.alive(world.units), world.rank))
        crossed = exact_duplicates(world.alive(world.crossed), world.rank)
        # Within a dataset one text may be annotated twice, each time for something else.
        crossed[world.dataset[crossed] == world.dataset] = -1
        world.drop(drops, "duplicate", crossed)
    if settings.near is not None:
        spaces = world.alive(world.spaces)
        near = near_duplicates(world.sketches, spaces, world.rank, settings.near)
        world.drop(drops, "near_duplicate", near)
    return Repeats({id_: found for id_, found in drops.items() if found}, shared)


class _World:
    """All records as arrays, part after part."""

    def __init__(self, batches: Sequence[Batch], ranks: Mapping[str, int]) -> None:
        self.batches = batches
        parts = [batch.curated for batch in batches]
        self.starts = np.concatenate(([0], np.cumsum([len(part.keep) for part in parts]))).astype(
            np.int64
        )
        number = {id_: at for at, id_ in enumerate(sorted({batch.dataset for batch in batches}))}
        self.names = list(number)
        self.dataset = _numbers([np.full(len(b.curated.keep), number[b.dataset]) for b in batches])
        self.split = _numbers([np.full(len(p.keep), SPLITS.index(p.part.split)) for p in parts])
        self.keep = _flags([part.keep for part in parts])
        self.units = _hashes([part.units for part in parts])
        self.crossed = _hashes([part.crossed for part in parts])
        self.spaces = _hashes([part.spaces for part in parts])
        self.texts = _hashes([part.texts for part in parts])
        names = Names([part.links for part in parts])
        self.documents = names.one_name(_hashes([part.documents for part in parts]))
        self.labels = _hashes([part.labels for part in parts])
        self.sketches = _given_up(parts)
        salt = np.array([_salt(name) for name in self.names], dtype=np.uint64)
        keys = [
            part.keys if len(part.keys) else np.zeros(len(part.keep), np.uint64) for part in parts
        ]
        self.keys = _hashes(keys)
        self.keys = np.where(
            (self.keys != 0) & self.keep, self.keys ^ salt[self.dataset], np.uint64(0)
        )
        self.place = np.arange(len(self.keep), dtype=np.int64)  # in order of the source
        ids = _hashes([part.ids for part in parts])
        first = np.array([ranks[name] for name in self.names], dtype=np.int64)[self.dataset]
        # Test and validation keep what train repeats; equal ids cannot be, equal hashes of ids go by place.
        order = np.lexsort((self.place, ids, first, -self.split))
        self.rank = np.empty(len(order), dtype=np.int64)
        self.rank[order] = np.arange(len(order))

    def alive(self, keys: U64) -> U64:
        return np.where(self.keep, keys, np.uint64(0))

    def drop(
        self, drops: dict[str, list[Drop]], reason: str, of: I64, *, named: bool = True
    ) -> None:
        """Drop every record that `of` gives another one for, and name that one in the ledger."""
        gone = np.flatnonzero((of >= 0) & self.keep)
        if not len(gone):
            return
        self.keep[gone] = False
        ids = self._ids(gone)
        kept = self._ids(of[gone]) if named else [""] * len(gone)
        for row, id_, other in zip(gone.tolist(), ids, kept, strict=True):
            at = int(np.searchsorted(self.starts, row, side="right")) - 1
            batch = self.batches[at]
            batch.curated.keep[row - self.starts[at]] = False
            split = batch.curated.part.split
            drops[batch.dataset].append(
                Drop("curate", "record", batch.dataset, split, id_, reason, other)
            )

    def _ids(self, rows: I64) -> list[str]:
        """Return the ids of records, each part read once."""
        owner = np.searchsorted(self.starts, rows, side="right") - 1
        found = np.empty(len(rows), dtype=object)
        for at in np.unique(owner).tolist():
            mine = np.flatnonzero(owner == at)
            found[mine] = ids_of(self.batches[at].curated.part, rows[mine] - self.starts[at])
        return [str(id_) for id_ in found]


def _given_up(parts: Sequence[Curated]) -> Sketches:
    """Return the sketches of all parts, which give up theirs: most of what is held, they are never held twice."""
    joined = np.empty((sum(len(part.sketches) for part in parts), SLOTS), np.uint16)
    start = 0
    for part in parts:
        joined[start : start + len(part.sketches)] = part.sketches
        start += len(part.sketches)
        part.sketches = np.empty((0, SLOTS), np.uint16)
    return joined


def _hashes(parts: Sequence[U64]) -> U64:
    return np.concatenate([np.empty(0, np.uint64), *parts])


def _numbers(parts: Sequence[I64]) -> I64:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _flags(parts: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    return np.concatenate([np.empty(0, np.bool_), *parts])


def _salt(name: str) -> int:
    return xxhash.xxh3_64_intdigest(name.encode())


def _held_out(world: _World) -> I64:
    """Return for every record of `train` whose document or text is in another split drawn from, its own row."""
    of = np.full(len(world.keep), -1, dtype=np.int64)
    out = (world.split != SPLITS.index("train")) & world.keep
    if not out.any():
        return of
    for keys in (world.documents, world.texts):
        held = np.unique(keys[out & (keys != 0)])
        twin = ~out & (keys != 0) & contains(keys, held)
        of[twin] = np.flatnonzero(twin)
    return of


def _conflicts(world: _World) -> I64:
    """Return for every record whose text has another label elsewhere in its dataset, one that says so."""
    of = np.full(len(world.keep), -1, dtype=np.int64)
    salt = np.array([_salt(name) for name in world.names], dtype=np.uint64)[world.dataset]
    rows = np.flatnonzero(world.keep & (world.labels != 0) & (world.texts != 0))
    keys = (world.texts ^ salt)[rows]
    rows = rows[np.lexsort((world.place[rows], world.labels[rows], keys))]
    keys = (world.texts ^ salt)[rows]
    if not len(rows):
        return of
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        group = rows[start:end]
        if end - start > 1 and world.labels[group[0]] != world.labels[group[-1]]:
            differs = world.labels[group] == world.labels[group[0]]
            of[group] = np.where(differs, group[-1], group[0])
    return of


def _shared(world: _World) -> dict[str, dict[str, int]]:
    """Return how many documents two datasets have in common, by the document's name or its text."""
    found: dict[str, dict[str, int]] = {}
    pairs: dict[tuple[int, int], int] = {}
    for keys in (world.documents, world.texts):
        rows = np.flatnonzero(keys != 0)
        both = np.unique(
            np.stack([keys[rows], world.dataset[rows].astype(np.uint64)], axis=1), axis=0
        )
        same = np.flatnonzero(both[1:, 0] == both[:-1, 0])
        if not len(same):
            continue
        starts = np.flatnonzero(np.concatenate(([True], both[1:, 0] != both[:-1, 0])))
        ends = np.append(starts[1:], len(both))
        mine: dict[tuple[int, int], int] = {}
        for start, end in zip(
            starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist(), strict=True
        ):
            ids = both[start:end, 1].tolist()
            for a in range(len(ids)):
                for b in range(a + 1, len(ids)):
                    mine[ids[a], ids[b]] = mine.get((ids[a], ids[b]), 0) + 1
        for pair, count in mine.items():
            pairs[pair] = max(pairs.get(pair, 0), count)
    for (a, b), count in sorted(pairs.items()):
        found.setdefault(world.names[a], {})[world.names[b]] = count
        found.setdefault(world.names[b], {})[world.names[a]] = count
    return {name: dict(sorted(others.items())) for name, others in sorted(found.items())}
