"""Repeats over all datasets: who survives, who goes, and which datasets share documents.

Everything here is about 64-bit hashes and sketches. Survival is by rank: the dataset's priority, then a hash of the
record's id, so that neither the order of input nor the number of workers matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from taiyi_corpus.curate.curated import Batch
from taiyi_corpus.curate.grams import I64, U64, contains
from taiyi_corpus.curate.near import exact_duplicates, near_duplicates
from taiyi_corpus.curate.rivals import Rivals
from taiyi_corpus.engine import Run
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


def drop_repeats(
    batches: Sequence[Batch], ranks: Mapping[str, int], curation: Curation, run: Run
) -> Repeats:
    """Drop what repeats another record; the masks of the batches are changed.

    First conflicting labels go, then held-out documents leave `train`, then repeated keys of a dataset go, equal
    records, near duplicates; what went by one is no better record to the next.
    """
    rivals = Rivals(batches, ranks, curation, run)
    if not len(rivals.keep):
        return Repeats({}, {})
    drops: dict[str, list[Drop]] = {batch.dataset: [] for batch in batches}
    shared = _shared(rivals)
    if "label_conflict" in curation.filters:
        rivals.drop(drops, "label_conflict", _conflicts(rivals))
    rivals.drop(drops, "heldout_twin", _held_out(rivals), named=False)
    rivals.drop(drops, "repeated_key", exact_duplicates(rivals.keys(), rivals.rank))
    settings: Duplicates = curation.duplicates
    if settings.exact:
        rivals.drop(
            drops, "duplicate", exact_duplicates(rivals.alive(rivals.array("units")), rivals.rank)
        )
        crossed = exact_duplicates(rivals.alive(rivals.array("crossed")), rivals.rank)
        # Within a dataset one text may be annotated twice, each time for something else.
        crossed[rivals.dataset[crossed] == rivals.dataset] = -1
        rivals.drop(drops, "duplicate", crossed)
    if settings.near is not None:
        spaces = rivals.alive(rivals.array("spaces"))
        near = near_duplicates(rivals.array("sketches"), spaces, rivals.rank, settings.near)
        rivals.drop(drops, "near_duplicate", near)
    return Repeats({id_: found for id_, found in drops.items() if found}, shared)


def _names_and_texts(rivals: Rivals) -> Iterator[U64]:
    yield rivals.documents()
    yield rivals.array("texts")


def _held_out(rivals: Rivals) -> I64:
    """Return for every record of `train` whose document or text is in another split drawn from, its own row."""
    of = np.full(len(rivals.keep), -1, dtype=np.int64)
    out = (rivals.split != SPLITS.index("train")) & rivals.keep
    if not out.any():
        return of
    for keys in _names_and_texts(rivals):
        held = np.unique(keys[out & (keys != 0)])
        twin = ~out & (keys != 0) & contains(keys, held)
        of[twin] = np.flatnonzero(twin)
    return of


def _conflicts(rivals: Rivals) -> I64:
    """Return for every record whose text has another label elsewhere in its dataset, one that says so."""
    of = np.full(len(rivals.keep), -1, dtype=np.int64)
    labels, texts = rivals.array("labels"), rivals.array("texts")
    rows = np.flatnonzero(rivals.keep & (labels != 0) & (texts != 0))
    keys = (texts ^ rivals.salt())[rows]
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


def _shared(rivals: Rivals) -> dict[str, dict[str, int]]:
    """Return how many documents two datasets have in common, by the document's name or its text."""
    found: dict[str, dict[str, int]] = {}
    pairs: dict[tuple[int, int], int] = {}
    for keys in _names_and_texts(rivals):
        rows = np.argsort(keys, kind="stable")
        keys = keys[rows]
        again = (keys[1:] == keys[:-1]) & (keys[1:] != 0)
        # Few names and texts are in two places: only they are looked at.
        twice = np.flatnonzero(np.append(again, False) | np.concatenate(([False], again)))
        if not len(twice):
            continue
        both = np.unique(
            np.stack([keys[twice], rivals.dataset[rows[twice]].astype(np.uint64)], axis=1), axis=0
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
        found.setdefault(rivals.names[a], {})[rivals.names[b]] = count
        found.setdefault(rivals.names[b], {})[rivals.names[a]] = count
    return {name: dict(sorted(others.items())) for name, others in sorted(found.items())}
