"""Large datasets, slice by slice: the work is shared out, the records are those of reading them whole.

A slice is a run of rows of one large file, or some of many files. Slices are fixed by the files. A row's place in the
split is known from the scan that cuts its file, or not needed where rows have keys; which records have one id is only
known when all slices are there, so each leaves the hashes of its ids for `join`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import kept, remote
from taiyi_corpus.adapters import row_by_row
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.fingerprints import source_hashes
from taiyi_corpus.normalise.join import IDS, SLICED, WHERE, Sliced
from taiyi_corpus.normalise.parts import DROPS, write_parts
from taiyi_corpus.normalise.split import Origin, adapted_rows, keys_wanted, read_rows, side_tables
from taiyi_corpus.normalise.store import INDEX, Job, folder_of
from taiyi_corpus.normalise.stream import Normaliser, id_hash, id_hashes
from taiyi_corpus.normalise.tables import read_batches, tables_of
from taiyi_corpus.readers import slices
from taiyi_corpus.readers.groups import apart, of_size
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.span import Cut
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, LocatedSource, form
from taiyi_corpus.sources.member import Member

Cuts = dict[Member, list[Cut] | None]


class Slice(msgspec.Struct, frozen=True):
    """Files of one source of a split, or a cut of one file."""

    split: Split
    source: int
    members: list[Member]
    cut: Cut | None = None
    start: int | None = None  # rows of the split that come before; None: rows must have keys


class SliceJob(msgspec.Struct, frozen=True):
    """One slice to normalise."""

    located: Located
    origin: Origin
    slice: Slice
    folder: str  # where its records go

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        cut = self.slice.cut
        place = f" from byte {cut.start}" if cut else ""
        return f"normalising {self.located.spec.id}, {self.slice.members[0].path}{place}"


def slices_of(job: Job) -> list[SliceJob]:
    """Return the slices of a dataset; none where it is stored already, is small, or must be read whole."""
    shape = form(job.located)
    sources = [source for some in job.located.splits.values() for source in some]
    if (
        sum(slices.bytes_in(member) for source in sources for member in source.members)
        <= slices.size_of(shape.reader.format)
        or (shape.adapter is not None and not row_by_row(shape.adapter))
        or (shape.rows is not None and shape.rows.row is not None)  # rows are counted through
        or side_tables(job.located.spec, shape)
    ):
        return []
    folder = folder_of(job, source_hashes(job.located, Path(job.cache)))
    if (folder / INDEX).is_file():
        return []
    place = Path(job.cache) / "slices" / job.located.spec.id / folder.name
    found: list[Slice] = []
    cuts: Cuts = {}  # one file may hold several splits
    for split, some in job.located.splits.items():
        if (mine := _of_split(job.located, split, some, cuts)) is None:
            return []
        found += mine
    if len(found) < 2:
        return []
    located = _without_members(job.located)
    return [
        SliceJob(located, job.origin, one, str(place / f"{number:05d}"))
        for number, one in enumerate(found)
    ]


def _without_members(located: Located) -> Located:
    """Leave out the files: a slice names its own, and each job would carry the names of all."""
    splits = {
        split: [replace(source, members=[]) for source in sources]
        for split, sources in located.splits.items()
    }
    return replace(located, splits=splits)


def _of_split(
    located: Located, split: Split, sources: list[LocatedSource], known: Cuts
) -> list[Slice] | None:
    shape = form(located)
    reader = shape.reader
    made: list[Slice] = []
    # None: a scan does not count what is cut out of rows, nor documents.
    before = 0 if shape.rows is None and not slices.by_documents(reader.format) else None
    for number, source in enumerate(sources):
        if not slices.sliceable(reader.format, reader.options):
            groups = apart(reader.format, source.members, reader.options)
            if groups is None:
                return None
            made += [
                Slice(split, number, some, None, None)
                for some in of_size(groups, slices.least(reader.format, source.members))
            ]
            before = None
            continue
        if source.source.only or source.source.without:
            before = None  # which rows are of this split is only known when they are read
        for member in source.members:
            if member not in known:
                known[member] = slices.scan(reader.format, member, reader.options)
            if (cuts := known[member]) is None:
                return None
            made += [
                Slice(split, number, [member], cut, None if before is None else before + cut.row)
                for cut in cuts[:-1]
            ]
            before = None if before is None else before + cuts[-1].row
    return made


def normalise_slice(job: SliceJob) -> str:
    """Normalise one slice into its folder, unless it is there; return the folder.

    Raises:
        SourceError: the file cannot be read as its format says.
        PlaceUnknown: a row has no key, and only reading the whole split would tell its place.
    """
    folder = Path(job.folder)
    if _is_whole(folder):
        return job.folder
    staging = kept.staging_of(folder)
    for old in (staging, folder):
        shutil.rmtree(old, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        _write(job, staging)
        staging.rename(folder)
        remote.sent(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return job.folder


def _write(job: SliceJob, staging: Path) -> None:
    shape, log = form(job.located), _Log()
    for file in {member.file for member in job.slice.members}:
        remote.fetched(file)
    source = job.located.splits[job.slice.split][job.slice.source]
    normaliser = Normaliser(
        job.located.spec, shape, job.slice.split, job.origin, ids=log, start=job.slice.start
    )
    records: Iterator[pa.Table | Record | Drop]
    if (tables := tables_of(normaliser, shape, source)) is not None:
        cut = job.slice.cut if job.slice.members[0].inner is None else None
        records = tables(read_batches(shape, job.slice.members, cut), source.source.subset)
    else:
        rows = adapted_rows(_rows(job), source, shape, {}, normaliser.tally)
        records = normaliser(rows, source.source.subset)
    with drop_writer(staging / DROPS) as drops:
        parts, _ = write_parts(records, staging, job.slice.split, drops)
    log.write(staging)
    files = {file.name: kept.file_hash(file) for file in staging.iterdir()}
    own = [(name, rows) for name, _, rows in parts]
    made = Sliced(job.slice.split, own, normaliser.finish(), files)
    kept.write(staging / SLICED, msgspec.json.encode(made))


def _is_whole(folder: Path) -> bool:
    """Return whether a slice was finished by an earlier run, and nothing of it is damaged."""
    if (data := kept.read(folder / SLICED)) is None:
        return False
    files = msgspec.json.decode(data, type=Sliced).files
    return all(kept.file_hash(folder / name) == hash_ for name, hash_ in files.items())


def _rows(job: SliceJob) -> Iterator[Row | BadRow]:
    reader, one = form(job.located).reader, job.slice
    wanted = keys_wanted(job.located.splits[one.split][one.source], reader.format)
    if one.cut is None:
        return read_rows(reader, one.members, wanted)
    return slices.read(reader.format, one.members[0], one.cut, reader.options, wanted)


class _Log:
    """Leaves ids as they are, and keeps their hashes with the place of each record."""

    def __init__(self) -> None:
        self._where: list[pa.StringArray] = []
        self._single: list[str] = []  # places not in an array yet
        self._hashes: list[int] = []

    def take(self, record: Record, where: str) -> str:
        """Note a record."""
        self._hashes.append(id_hash(record.id))
        self._single.append(where)
        return record.id

    def take_all(self, ids: pa.StringArray, places: Callable[[], pa.StringArray]) -> None:
        """Note some records."""
        self._hashes += id_hashes(ids)
        self._gather()
        self._where.append(places())

    def _gather(self) -> None:
        if self._single:
            self._where.append(pa.array(self._single, pa.string()))
            self._single = []

    def write(self, folder: Path) -> None:
        """Write what was noted."""
        self._gather()
        np.save(folder / IDS, np.array(self._hashes, np.uint64))
        where = pa.table({"where": pa.chunked_array(self._where, pa.string())})
        pq.write_table(where, folder / WHERE, compression="zstd", use_dictionary=False)
