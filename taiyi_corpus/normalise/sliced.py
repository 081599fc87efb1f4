"""Large files of a dataset, slice by slice: the work is shared out, the records are those of reading them whole.

Slices are bounds between rows, fixed by the file. A row's place in the split is known from the scan that finds them;
which records have one id is only known when all slices are there, so each leaves the hashes of its ids for `join`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from taiyi_corpus import kept
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.fingerprints import source_hashes
from taiyi_corpus.normalise.join import IDS, SLICED, Sliced
from taiyi_corpus.normalise.parts import DROPS, write_parts
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import INDEX, Job, folder_of
from taiyi_corpus.normalise.stream import Normaliser, content_of, id_hash
from taiyi_corpus.readers import slices
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.slices import Cut
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, form


class SliceJob(msgspec.Struct, frozen=True):
    """One slice of one file."""

    located: Located
    origin: Origin
    split: Split
    source: int
    member: int
    cut: Cut
    start: int  # rows of the split that come before
    folder: str  # where its records go

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        member = self.located.splits[self.split][self.source].members[self.member]
        return f"normalising {self.located.spec.id}, {member.path} from byte {self.cut.start}"


def slices_of(job: Job) -> list[SliceJob]:
    """Return the slices of a dataset's files; none where it is stored already, is small, or must be read whole."""
    shape = form(job.located)
    sources = [
        (split, n, s) for split, all_ in job.located.splits.items() for n, s in enumerate(all_)
    ]
    members = [member for _, _, source in sources for member in source.members]
    options = shape.reader.options
    if (
        max((member.size for member in members), default=0) <= slices.SLICE
        or not slices.sliceable(shape.reader.format, options)
        or shape.adapter is not None  # it may join rows
        or any(member.inner is not None for member in members)
        or any(source.source.only or source.source.without for _, _, source in sources)
    ):
        return []
    folder = folder_of(job, source_hashes(job.located, Path(job.cache)))
    if (folder / INDEX).is_file():
        return []
    place = Path(job.cache) / "slices" / job.located.spec.id / folder.name
    made: list[SliceJob] = []
    before = dict.fromkeys(job.located.splits, 0)
    for split, number, source in sources:
        for at, member in enumerate(source.members):
            cuts = slices.scan(shape.reader.format, member, options)
            if cuts is None:
                return []
            for cut in cuts[:-1]:
                target = str(place / f"{len(made):05d}")
                start = before[split] + cut.row
                made.append(
                    SliceJob(job.located, job.origin, split, number, at, cut, start, target)
                )
            before[split] += cuts[-1].row
    return made


def normalise_slice(job: SliceJob) -> str:
    """Normalise one slice into its folder, unless it is there; return the folder.

    Raises:
        SourceError: the file cannot be read as its format says.
    """
    folder = Path(job.folder)
    if (folder / SLICED).is_file():
        return job.folder
    staging = folder.with_name(f".{folder.name}.{os.getpid()}")
    for old in (staging, folder):
        shutil.rmtree(old, ignore_errors=True)
    staging.mkdir(parents=True)
    source = job.located.splits[job.split][job.source]
    shape, log = form(job.located), _Log()
    normaliser = Normaliser(
        job.located.spec, shape, job.split, job.origin, ids=log, start=job.start
    )

    def raw() -> Iterator[Row | BadRow]:
        member = source.members[job.member]
        for row in slices.read(shape.reader.format, member, job.cut, shape.reader.options):
            normaliser.tally.rows += 1
            log.line = int(row.where.rpartition(":")[2])
            if isinstance(row, Row):
                row.data.update(source.source.fields)
            yield row

    records = normaliser(raw(), source.source.subset)
    with drop_writer(staging / DROPS) as drops:
        parts, _ = write_parts(records, staging, job.split, drops)
    path = source.members[job.member].path
    made = Sliced(job.split, path, [(name, rows) for name, _, rows in parts], normaliser.finish())
    np.savez(staging / IDS, ids=log.array(0), contents=log.array(1), lines=log.array(2))
    kept.write(staging / SLICED, msgspec.json.encode(made))
    staging.rename(folder)
    return job.folder


class _Log:
    """Leaves ids as they are, and keeps hashes of ids and contents with the line of each record."""

    def __init__(self) -> None:
        self.line = 0
        self._seen: list[tuple[int, int, int]] = []

    def take(self, record: Record) -> str:
        """Note a record."""
        self._seen.append((id_hash(record.id), content_of(record), self.line))
        return record.id

    def array(self, column: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        """Return one of the three."""
        return np.fromiter((row[column] for row in self._seen), np.uint64, len(self._seen))
