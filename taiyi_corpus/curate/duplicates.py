"""Repeats over all datasets: who survives, who goes, and which datasets share documents.

Everything here is about 64-bit hashes and sketches. Survival is by rank: the dataset's priority, then a hash of the
record's id, so that neither the order of input nor the number of workers matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import xxhash
from msgspec import Struct

from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Batch, ids_of
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
    """Drop what repeats another record; the masks of the batches are changed.

    First conflicting labels go, then held-out documents leave `train`, then repeated keys of a dataset go, equal
    records, near duplicates; what went by one is no better record to the next.
    """
    world = _World(batches, ranks)
    drops: dict[str, list[Drop]] = {batch.dataset: [] for batch in batches}
    shared = _shared(world)
    if "label_conflict" in curation.filters:
        world.drop(drops, "label_conflict", _conflicts(world))
    world.drop(drops, "heldout_twin", _held_out(world), named=False)
    world.drop(drops, "repeated_key", exact_duplicates(world.keys(), world.rank))
    settings: Duplicates = curation.duplicates
    if settings.exact:
        world.drop(
            drops, "duplicate", exact_duplicates(world.alive(world.hashes("units")), world.rank)
        )
        crossed = exact_duplicates(world.alive(world.hashes("crossed")), world.rank)
        # Within a dataset one text may be annotated twice, each time for something else.
        crossed[world.dataset[crossed] == world.dataset] = -1
        world.drop(drops, "duplicate", crossed)
    if settings.near is not None:
        spaces = world.alive(world.hashes("spaces"))
        near = near_duplicates(world.sketches(), spaces, world.rank, settings.near)
        world.drop(drops, "near_duplicate", near)
    return Repeats({id_: found for id_, found in drops.items() if found}, shared)


class _World:
    """All records, part after part; of their hashes no more is held than a comparison needs."""

    def __init__(self, batches: Sequence[Batch], ranks: Mapping[str, int]) -> None:
        self.batches = batches
        self._parts = parts = [batch.curated for batch in batches]
        sizes = [len(part.keep) for part in parts]
        self.starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        number = {id_: at for at, id_ in enumerate(sorted({batch.dataset for batch in batches}))}
        self.names = list(number)
        own = np.array([number[batch.dataset] for batch in batches], dtype=np.int32)
        splits = np.array([SPLITS.index(part.part.split) for part in parts], dtype=np.int8)
        self.dataset, self.split = np.repeat(own, sizes), np.repeat(splits, sizes)
        self.keep = np.concatenate([np.empty(0, np.bool_), *(part.keep for part in parts)])
        self.rank = self._ranked(ranks)

    def _ranked(self, ranks: Mapping[str, int]) -> I64:
        first = np.array([ranks[name] for name in self.names], dtype=np.int32)[self.dataset]
        # Test and validation keep what train repeats; equal ids cannot be, equal hashes of ids go by place.
        order = np.lexsort((self.hashes("ids"), first, -self.split))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def hashes(self, name: str) -> U64:
        """Return one kind of hash of all records."""
        return np.concatenate([np.empty(0, np.uint64), *(p.array(name) for p in self._parts)])

    def documents(self) -> U64:
        """Return the names of documents, all names of one document made one."""
        names = Names([part.array("links") for part in self._parts])
        return names.one_name(self.hashes("documents"))

    def keys(self) -> U64:
        """Return what may not repeat within a dataset."""
        own = [
            keys if len(keys := part.array("keys")) else np.zeros(len(part.keep), np.uint64)
            for part in self._parts
        ]
        keys = np.concatenate([np.empty(0, np.uint64), *own])
        return np.where((keys != 0) & self.keep, keys ^ self.salt(), np.uint64(0))

    def salt(self) -> U64:
        """Return for each record a number that tells its dataset from others."""
        return np.array([_salt(name) for name in self.names], dtype=np.uint64)[self.dataset]

    def sketches(self) -> Sketches:
        """Return the sketches of all parts, most of what is ever held."""
        joined = np.empty((len(self.keep), SLOTS), np.uint16)
        for start, part in zip(self.starts, self._parts, strict=False):
            joined[start : start + len(part.keep)] = part.array("sketches")
        return joined

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


def _salt(name: str) -> int:
    return xxhash.xxh3_64_intdigest(name.encode())


def _names_and_texts(world: _World) -> Iterator[U64]:
    yield world.documents()
    yield world.hashes("texts")


def _held_out(world: _World) -> I64:
    """Return for every record of `train` whose document or text is in another split drawn from, its own row."""
    of = np.full(len(world.keep), -1, dtype=np.int64)
    out = (world.split != SPLITS.index("train")) & world.keep
    if not out.any():
        return of
    for keys in _names_and_texts(world):
        held = np.unique(keys[out & (keys != 0)])
        twin = ~out & (keys != 0) & contains(keys, held)
        of[twin] = np.flatnonzero(twin)
    return of


def _conflicts(world: _World) -> I64:
    """Return for every record whose text has another label elsewhere in its dataset, one that says so."""
    of = np.full(len(world.keep), -1, dtype=np.int64)
    labels, texts = world.hashes("labels"), world.hashes("texts")
    rows = np.flatnonzero(world.keep & (labels != 0) & (texts != 0))
    keys = (texts ^ world.salt())[rows]
    order = np.lexsort((labels[rows], keys))
    rows, keys = rows[order], keys[order]
    if not len(rows):
        return of
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        group = rows[start:end]
        if end - start > 1 and labels[group[0]] != labels[group[-1]]:
            differs = labels[group] == labels[group[0]]
            of[group] = np.where(differs, group[-1], group[0])
    return of


def _shared(world: _World) -> dict[str, dict[str, int]]:
    """Return how many documents two datasets have in common, by the document's name or its text."""
    found: dict[str, dict[str, int]] = {}
    pairs: dict[tuple[int, int], int] = {}
    for keys in _names_and_texts(world):
        rows = np.argsort(keys, kind="stable")
        keys = keys[rows]
        again = (keys[1:] == keys[:-1]) & (keys[1:] != 0)
        # Few names and texts are in two places: only they are looked at.
        twice = np.flatnonzero(np.append(again, False) | np.concatenate(([False], again)))
        if not len(twice):
            continue
        both = np.unique(
            np.stack([keys[twice], world.dataset[rows[twice]].astype(np.uint64)], axis=1), axis=0
        )
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
