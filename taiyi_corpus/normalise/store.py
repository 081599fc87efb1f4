"""Normalised records on disk: one folder a dataset, keyed by everything that made it.

The key covers the bytes of the sources, the dataset's YAML and the code that reads and normalises, so a changed YAML
redoes one dataset and a second build reads nothing again. A folder is written beside its place and renamed when whole;
its index holds the hash of every file, and a folder in which one is damaged is made anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import kept
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import DropWriter, drop_writer
from taiyi_corpus.normalise.fingerprints import source_hashes
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.arrow import record_schema, to_table
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located

PART_ROWS = 20_000  # records a part: the unit of all later work, and the bound of its memory
_FLUSH_CHARS = 16_000_000
_LONG = 512  # estimated tokens above which a document may need windows
_DROPS = "drops.parquet"
INDEX = "index"
_STAGES = ("schema", "spec", "sources", "readers", "normalise", "adapters", "language")


class Part(msgspec.Struct, frozen=True):
    """One Parquet file of records."""

    path: str  # in index.json, the name in its folder
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

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"normalising {self.located.spec.id}"


def normalise_dataset(job: Job) -> StoredDataset:
    """Normalise one dataset, or return what an earlier run stored under the same key.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    spec, cache = job.located.spec, Path(job.cache)
    sources = source_hashes(job.located, cache)
    key = kept.key(
        kept.code_version(*_STAGES),
        job.origin,
        job.located.variant,
        spec.model_dump_json(),
        sorted(sources.items()),
    )
    folder = cache / "records" / spec.id / key
    if (found := _opened(folder)) is not None:
        return found
    staging = folder.with_name(f".{key}.{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        stored = _write(job, staging, sources)
        kept.write(staging / INDEX, msgspec.json.encode(stored))
        _swap_in(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    stored = _opened(folder)
    if stored is None:
        raise OSError(f"what was just written to {folder} cannot be read back: the disk is failing")
    return stored


def _swap_in(staging: Path, folder: Path) -> None:
    """Give a finished folder its place; if another process was faster, its folder stays: both hold the same."""
    if folder.exists() and _opened(folder) is None:
        damaged = staging.with_name(f"{staging.name}.damaged")
        folder.rename(damaged)
        shutil.rmtree(damaged)
    try:
        staging.rename(folder)
    except OSError:
        if not (folder / INDEX).is_file():
            raise


def _opened(folder: Path) -> StoredDataset | None:
    """Return what an index says, its files where it lies now: a cache may be moved. None if a file is damaged."""
    data = kept.read(folder / INDEX)
    if data is None:
        return None
    stored = msgspec.json.decode(data, type=StoredDataset)
    hashes = {stored.drops: stored.drops_hash, **{part.path: part.hash for part in stored.parts}}
    if any(kept.file_hash(folder / name) != hash_ for name, hash_ in hashes.items()):
        return None
    parts = [Part(str(folder / p.path), p.split, p.rows, p.hash) for p in stored.parts]
    return msgspec.structs.replace(stored, parts=parts, drops=str(folder / stored.drops))


def _write(job: Job, staging: Path, sources: dict[str, str]) -> StoredDataset:
    parts: list[Part] = []
    tallies: dict[Split, Tally] = {}
    with drop_writer(staging / _DROPS) as drops:
        for split in job.located.splits:
            items = _Items(read_split(job.located, split, job.origin), drops)
            for number, batch in enumerate(_batches(items)):
                name = f"{split}-{number:05d}.parquet"
                pq.write_table(batch, staging / name, compression="zstd", compression_level=1)
                hash_ = kept.file_hash(staging / name)
                parts.append(Part(name, split, batch.num_rows, hash_))
            tallies[split] = items.tally
    return StoredDataset(
        job.located.spec.id,
        job.origin,
        parts,
        tallies,
        _DROPS,
        sources,
        kept.file_hash(staging / _DROPS),
    )


class _Items:
    """The records of a split; its drops go to the writer, its counts are kept."""

    def __init__(self, items: Iterator[Record | Drop | Tally], drops: DropWriter) -> None:
        self._items, self._drops = items, drops
        self.tally = Tally()

    def __iter__(self) -> Iterator[Record]:
        for item in self._items:
            if isinstance(item, Drop):
                self._drops.add([item])
            elif isinstance(item, Tally):
                self.tally = item
            else:
                yield item


def _batches(records: Iterable[Record]) -> Iterator[pa.Table]:
    batch: list[Record] = []
    chars = 0
    for record in records:
        batch.append(_with_bounds(record))
        chars += len(record.text or "") + 200
        if len(batch) >= PART_ROWS or chars >= _FLUSH_CHARS:
            yield to_table(batch)
            batch, chars = [], 0
    if batch:
        yield to_table(batch)


def _with_bounds(record: Record) -> Record:
    annotated = (record.entities, record.relations, record.events, record.coreferences)
    if record.text is None or all(part is None for part in annotated):
        return record
    if estimate_tokens(record.text) <= _LONG:
        return record
    return msgspec.structs.replace(
        record, sentence_bounds=sentence_bounds(record.text, record.language)
    )


def read_part(path: str, columns: list[str] | None = None) -> pa.Table:
    """Read a part, all columns or some."""
    return pq.read_table(path, columns=columns, schema=None if columns else record_schema())
