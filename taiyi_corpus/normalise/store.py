"""Normalised records on disk: one folder a dataset, keyed by everything that made it.

The key covers the bytes of the sources, the dataset's YAML and the code that reads and normalises, so a changed YAML
redoes one dataset and a second build reads nothing again. A folder is written beside its place and renamed when whole;
its index holds the hash of every file, and a folder in which one is damaged is made anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import kept, remote
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.fingerprints import source_hashes
from taiyi_corpus.normalise.join import join
from taiyi_corpus.normalise.parts import DROPS, Made, write_parts
from taiyi_corpus.normalise.split import Origin, read_split, read_tables
from taiyi_corpus.normalise.stream import IdTaken, Tally
from taiyi_corpus.schema.arrow import record_schema
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located, locate

INDEX = "index"
_STAGES = ("schema", "spec", "sources", "readers", "normalise", "adapters", "language")


class Part(msgspec.Struct, frozen=True):
    """One Parquet file of records."""

    path: str  # in an index, the name in its folder
    split: Split
    rows: int
    hash: str = ""  # of the file, to notice damage


class StoredDataset(msgspec.Struct, frozen=True):
    """What normalising a dataset gave: its parts, counts a split, and hashes of its sources."""

    dataset: str
    origin: Origin
    parts: list[Part]
    tallies: dict[Split, Tally]
    drops: str  # path of the Parquet file of drops
    sources: dict[str, str]  # file below the dataset's folder -> sha256
    drops_hash: str = ""


class Job(msgspec.Struct, frozen=True):
    """One dataset to normalise."""

    located: Located
    origin: Origin
    cache: str
    slices: list[str] = []  # folders of what was made of slices of its files, in order

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"normalising {self.located.spec.id}"


def normalise_dataset(job: Job) -> StoredDataset:
    """Normalise one dataset, or return what an earlier run stored under the same key.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    sources = source_hashes(job.located, Path(job.cache))
    folder = folder_of(job, sources)
    if (found := opened(folder)) is not None:
        return found
    staging = kept.staging_of(folder)
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        joined = join(job.slices, job.located, staging) if job.slices else None
        stored = _described(job, joined or _write(listed(job), staging), sources, staging)
        kept.write(staging / INDEX, msgspec.json.encode(stored))
        _swap_in(staging, folder)
        remote.sent(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for done in {Path(one).parent for one in job.slices}:
        shutil.rmtree(done, ignore_errors=True)
    if (found := opened(folder)) is None:
        raise OSError(f"what was just written to {folder} cannot be read back: the disk is failing")
    return found


def listed(job: Job) -> Job:
    """Return a job with the members its dataset is read from, which are listed if they are not named."""
    located = job.located
    if located.files is None:
        return job
    return msgspec.structs.replace(job, located=locate(located.spec, located.folder))


def folder_of(job: Job, sources: dict[str, str]) -> Path:
    """Return the folder of a dataset's records: its name is the key of everything that makes them."""
    spec = job.located.spec
    key = kept.key(
        kept.code_version(*_STAGES),
        job.origin,
        job.located.variant,
        spec.model_dump_json(),
        sorted(sources.items()),
    )
    return Path(job.cache) / "records" / spec.id / key


def _swap_in(staging: Path, folder: Path) -> None:
    """Give a finished folder its place; if another process was faster, its folder stays: both hold the same."""
    if folder.exists() and opened(folder) is None:
        damaged = staging.with_name(f"{staging.name}.damaged")
        folder.rename(damaged)
        shutil.rmtree(damaged)
    try:
        staging.rename(folder)
    except OSError:
        if not (folder / INDEX).is_file():
            raise


def opened(folder: Path) -> StoredDataset | None:
    """Return the dataset stored in a folder, its files where they lie now: a cache may be moved.

    None if nothing is stored there or a file is damaged.
    """
    data = kept.read(folder / INDEX)
    if data is None:
        return None
    stored = msgspec.json.decode(data, type=StoredDataset)
    hashes = {stored.drops: stored.drops_hash, **{part.path: part.hash for part in stored.parts}}
    if any(kept.file_hash(folder / name) != hash_ for name, hash_ in hashes.items()):
        return None
    parts = [Part(str(folder / p.path), p.split, p.rows, p.hash) for p in stored.parts]
    return msgspec.structs.replace(stored, parts=parts, drops=str(folder / stored.drops))


def _write(job: Job, staging: Path) -> Made:
    try:
        return _written(job, staging, read_tables)
    except IdTaken:
        # Which of the records that state one id are the same, only whole records tell.
        for file in staging.iterdir():
            file.unlink()
        return _written(job, staging, read_split)


def _written(job: Job, staging: Path, read: Callable[..., Iterator[Any]]) -> Made:
    parts: list[tuple[str, Split, int]] = []
    tallies: dict[Split, Tally] = {}
    with drop_writer(staging / DROPS) as drops:
        for split in job.located.splits:
            items = read(job.located, split, job.origin)
            made, tallies[split] = write_parts(items, staging, split, drops)
            parts += made
    return Made(parts, tallies)


def _described(job: Job, made: Made, sources: dict[str, str], staging: Path) -> StoredDataset:
    parts = [
        Part(name, split, rows, kept.file_hash(staging / name)) for name, split, rows in made.parts
    ]
    drops = kept.file_hash(staging / DROPS)
    return StoredDataset(
        job.located.spec.id, job.origin, parts, made.tallies, DROPS, sources, drops
    )


def read_part(path: str, columns: list[str] | None = None) -> pa.Table:
    """Read a part, all columns or some, in the order of the schema; those that were left out are null."""
    # Not `read_table`: it loads Arrow's datasets first, and threads beside those of the other workers.
    with pq.ParquetFile(remote.fetched(Path(path))) as file:
        table = file.read(columns=columns, use_threads=False)
    there = dict(zip(table.column_names, table.columns, strict=True))
    schema = pa.schema([field for field in record_schema() if columns is None or field.name in columns])  # fmt: skip
    filled = [there[name] if name in there else pa.nulls(len(table), type_)
              for name, type_ in zip(schema.names, schema.types, strict=True)]  # fmt: skip
    return pa.Table.from_arrays(filled, schema=schema)
