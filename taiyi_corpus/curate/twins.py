"""Documents of test splits that a mix does not draw from: in whichever dataset they are, they leave `train`.

A document is the same by any of its names, or by its whole text. Unlike benchmarks these splits protect no runs of
words: notes, consultations and methods sections of one kind share whole sentences and are different documents all the
same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Batch, Curated, ids_of
from taiyi_corpus.curate.grams import I64, U64, contains
from taiyi_corpus.ledger import Drop

SHORTEST = 8  # words, or Han characters: what is shorter ("thank you, doctor") recurs by itself
REASON = "heldout_twin"


def drop_twins(batches: Sequence[Batch], held: Sequence[Batch]) -> None:
    """Drop records of `train` whose document or text is in a held split.

    Masks, drops and leaks of the batches are changed; the ledger names the held split and its record.
    """
    if not held:
        return
    names = Names([batch.curated.array("links") for batch in (*batches, *held)])
    train = [batch for batch in batches if batch.curated.part.split == "train"]
    for documents in (True, False):
        keys, owners, places = _held(held, names, documents=documents)
        for batch in train:
            mine = _names_of(batch.curated, names) if documents else batch.curated.array("texts")
            rows = np.flatnonzero(batch.curated.keep & (mine != 0) & contains(mine, keys))
            if len(rows):
                low, high = (np.searchsorted(keys, mine[rows], side) for side in ("left", "right"))
                owned = [
                    _first_of_each(owners[start:end], places[start:end])
                    for start, end in zip(low, high, strict=True)
                ]
                _drop(batch, rows, owned, held)


def _held(held: Sequence[Batch], names: Names, *, documents: bool) -> tuple[U64, I64, I64]:
    """Return the sorted keys of held records, and of each its batch and its row there."""
    found = [_keys(batch.curated, names, documents=documents) for batch in held]
    keys = np.concatenate(found)
    owners = np.repeat(np.arange(len(found)), [len(some) for some in found])
    places = np.concatenate([np.arange(len(some)) for some in found])
    order = np.lexsort((places, owners, keys))
    order = order[keys[order] != 0]
    return keys[order], owners[order], places[order]


def _keys(curated: Curated, names: Names, *, documents: bool) -> U64:
    """Return what held records are known by: 0 for a text that is too short."""
    if documents:
        return _names_of(curated, names)
    texts: U64 = curated.array("texts")
    return np.where(curated.array("words") >= SHORTEST, texts, np.uint64(0))


def _names_of(curated: Curated, names: Names) -> U64:
    return names.one_name(curated.array("documents"))


def _first_of_each(owners: I64, places: I64) -> list[tuple[int, int]]:
    """Return one (batch, row) of each batch."""
    _, first = np.unique(owners, return_index=True)
    return [(int(owners[at]), int(places[at])) for at in first]


def _drop(
    batch: Batch, rows: I64, owned: Sequence[Sequence[tuple[int, int]]], held: Sequence[Batch]
) -> None:
    curated = batch.curated
    curated.keep[rows] = False
    twins = _ids([some[0] for some in owned], held)
    for id_, some, twin in zip(ids_of(curated.part, rows), owned, twins, strict=True):
        sources = sorted({split_name(held[at]) for at, _ in some})
        detail = f"{', '.join(sources)}: {twin}"
        curated.drops.append(
            Drop("curate", "record", batch.dataset, curated.part.split, id_, REASON, detail)
        )
        for source in sources:
            curated.leaks[source] = curated.leaks.get(source, 0) + 1


def _ids(wanted: Sequence[tuple[int, int]], held: Sequence[Batch]) -> Iterator[str]:
    """Yield the ids of held records, each part read once."""
    rows: dict[int, list[int]] = {}
    for at, row in wanted:
        rows.setdefault(at, []).append(row)
    found = {
        (at, row): id_
        for at, mine in rows.items()
        for row, id_ in zip(mine, ids_of(held[at].curated.part, np.array(mine)), strict=True)
    }
    return (found[one] for one in wanted)


def split_name(batch: Batch) -> str:
    """Return what the ledger and the manifest call a held split, as `--protect` does: "dataset/split"."""
    return f"{batch.dataset}/{batch.curated.part.split}"
