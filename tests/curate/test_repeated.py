"""What may repeat is found range by range, and is what a look at all hashes at once finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from taiyi_corpus.curate import repeated as looking
from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Arrays
from taiyi_corpus.curate.near import band_key, band_rows
from taiyi_corpus.curate.repeated import Hashed, LookJob, look, repeated
from taiyi_corpus.curate.sketch import SLOTS
from taiyi_corpus.engine.local import Pool
from taiyi_corpus.spec.curation import Curation

NAMES = Names([])


def part(seed: int, owner: int, rows: int = 40) -> Hashed:
    """Hashes of which some are there twice, and some are 0."""
    rng = np.random.default_rng(seed)

    def hashes(different: int = 400) -> npt.NDArray[Any]:
        return rng.integers(0, different, rows, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)

    kept = np.random.default_rng(0).integers(1, 2**16, (60, SLOTS), dtype=np.uint16)
    known = Arrays(
        keys=hashes() if owner else np.empty(0, np.uint64), ids=hashes(), units=hashes(), crossed=hashes(),
        spaces=hashes(3), texts=hashes(), words=np.ones(rows, np.int64), documents=hashes(), labels=hashes(2),
        sketches=kept[rng.integers(0, 60, rows)], links=np.empty((0, 2), np.uint64),
        scores=np.ones((rows, 7), np.float32),
    )  # fmt: skip
    return Hashed(known, rows, owner)


PARTS = [part(seed, owner) for seed, owner in enumerate((0, 0, 1, 2, 1))]


def twice(key_of: Callable[[Arrays], npt.NDArray[Any]], apart: bool = False) -> set[int]:
    """The records, counted over all parts, whose key another has; if said so, another owner's."""
    having: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, one in enumerate(PARTS):
        assert isinstance(one.known, Arrays)
        for row, key in enumerate(key_of(one.known).tolist()):
            if key:
                having[key].append((40 * at + row, one.owner))
    return {
        row
        for records in having.values()
        if len({owner for _, owner in records} if apart else records) > 1
        for row, _ in records
    }


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("ranges", [1, 3])
@pytest.mark.parametrize("kind", ["units", "documents", "keys", "labelled"])
def test_each_range_finds_its_own(kind: str, ranges: int, apart: bool) -> None:
    jobs = [LookJob(PARTS, kind, number, ranges, apart) for number in range(ranges)]
    found = [set(look(job).tolist()) for job in jobs]

    def key_of(known: Arrays) -> npt.NDArray[Any]:
        if kind == "labelled":
            return np.where(known.labels != 0, known.texts, np.uint64(0))
        return np.asarray(getattr(known, kind))

    assert set().union(*found) == twice(key_of, apart)
    assert sum(map(len, found)) == len(set().union(*found))
    assert len([some for some in found if some]) == ranges  # each of them has something to find


def test_records_of_one_space_that_agree_in_a_band_are_found() -> None:
    rows = band_rows(0.45)
    job = LookJob(PARTS, "sketches", bands=[3, 0], band_rows=rows)

    def in_band(band: int) -> set[int]:
        return twice(
            lambda known: np.where(
                known.spaces != 0, band_key(known.sketches, known.spaces, band, rows), np.uint64(0)
            )
        )

    assert set(look(job).tolist()) == in_band(3) | in_band(0)


@pytest.mark.parametrize("most", [1, 50, 500])
def test_how_much_is_looked_at_together_changes_nothing(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    curation = Curation.model_validate(
        {"duplicates": {"near": 0.45}, "filters": ["label_conflict"]}
    )
    at_once = repeated(PARTS, NAMES, curation, Pool(1).run)
    monkeypatch.setattr(looking, "_MOST", most)

    assert repeated(PARTS, NAMES, curation, Pool(1).run).tolist() == at_once.tolist()
    assert repeated([], NAMES, curation, Pool(1).run).tolist() == []
