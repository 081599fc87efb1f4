"""Which records have a hash that another has, too: found by workers, each of which looks at a range of the hashes.

Most records repeat nothing. What becomes of those that do is decided in the main process (`duplicates`), which so holds
them and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Arrays, array_of
from taiyi_corpus.curate.grams import I64, U64
from taiyi_corpus.curate.near import band_key, band_rows
from taiyi_corpus.curate.sketch import SLOTS, has_sketch
from taiyi_corpus.engine import Run
from taiyi_corpus.spec.curation import Curation

_MOST = 2_000_000  # hashes that are looked at together


class Hashed(Struct, frozen=True):
    """A part whose records are compared with those of others."""

    known: Arrays | str  # or the file that holds them
    rows: int
    owner: int  # another for each dataset and split


class LookJob(Struct, frozen=True):
    """One kind of hash to look at: one of so many ranges of it, or some bands of the sketches."""

    parts: list[Hashed]
    kind: str
    number: int = 0
    ranges: int = 1
    apart: bool = False  # only what two datasets or splits have matters
    names: Names | None = None  # of documents
    bands: list[int] = []
    band_rows: int = 0

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"looking for repeated {self.kind}"


def repeated(parts: Sequence[Hashed], names: Names, curation: Curation, run: Run) -> I64:
    """Return the records, by their numbers among those of all parts, that another may repeat in some way."""
    settings, given = curation.duplicates, list(parts)
    total = sum(part.rows for part in given)
    kinds = [("documents", True), ("texts", True), ("keys", False)]
    if "label_conflict" in curation.filters:
        kinds.append(("labelled", False))
    if settings.exact:
        kinds += [("units", False), ("crossed", True)]
    ranges = -(-total // _MOST)
    jobs = [
        LookJob(given, kind, number, ranges, apart, names if kind == "documents" else None)
        for kind, apart in kinds
        for number in range(ranges)
    ]
    if settings.near is not None and total:
        rows, some = band_rows(settings.near), max(1, _MOST // total)
        bands = list(range(SLOTS // rows))
        jobs += [
            LookJob(given, "sketches", bands=bands[at : at + some], band_rows=rows)
            for at in range(0, len(bands), some)
        ]
    found: I64 = np.unique(np.concatenate([np.empty(0, np.int64), *run(look, jobs)]))
    return found


def look(job: LookJob) -> I64:
    """Return the records whose hash another record has, too."""
    owners = np.array([part.owner for part in job.parts])
    starts = np.cumsum([0, *(part.rows for part in job.parts)])
    found = [[(np.empty(0, np.uint64), np.empty(0, np.int64))] for _ in range(len(job.bands) or 1)]
    for part, start in zip(job.parts, starts.tolist(), strict=False):
        for of_kind, (keys, rows) in zip(found, _keys(part, job), strict=True):
            of_kind.append((keys, rows + start))
    again = [np.empty(0, np.int64)]
    while found:
        keys, rows = (np.concatenate(arrays) for arrays in zip(*found.pop(), strict=True))
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        same = keys[1:] == keys[:-1]
        if job.apart:
            owner = owners[np.searchsorted(starts, rows, side="right") - 1]
            same &= _apart(keys, owner)[1:]
        twice = np.flatnonzero(same)
        again += [rows[twice], rows[twice + 1]]
    return np.concatenate(again)


def _keys(part: Hashed, job: LookJob) -> Iterator[tuple[U64, I64]]:
    """Yield the hashes of a part that are looked at, and the rows that have them."""
    if job.bands:
        sketched, spaces = array_of(part.known, "sketches"), array_of(part.known, "spaces")
        rows = np.flatnonzero((spaces != 0) & has_sketch(sketched))
        for band in job.bands:
            yield band_key(sketched[rows], spaces[rows], band, job.band_rows), rows
        return
    keys: U64 = array_of(part.known, "texts" if job.kind == "labelled" else job.kind)
    if job.kind == "labelled":
        keys = np.where(array_of(part.known, "labels") != 0, keys, np.uint64(0))
    if job.names is not None:
        keys = job.names.one_name(keys)
    # The first 32 bits tell the range.
    of_range = (keys >> np.uint64(32)) * np.uint64(job.ranges) >> np.uint64(32)
    rows = np.flatnonzero((keys != 0) & (of_range == job.number))
    yield keys[rows], rows


def _apart(keys: U64, owner: I64) -> npt.NDArray[np.bool_]:
    """Return which of some sorted keys two owners have."""
    if not len(keys):
        return np.empty(0, np.bool_)
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    differ = np.minimum.reduceat(owner, starts) != np.maximum.reduceat(owner, starts)
    return np.repeat(differ, np.diff(np.append(starts, len(keys))))
