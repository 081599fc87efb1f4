"""Normalised records on disk: one folder a dataset, keyed by everything that made it.

The key covers the bytes of the sources, the dataset's YAML and the code that reads and normalises, so a changed YAML
redoes one dataset and a second build reads nothing again. A folder is written beside its place and renamed when whole.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.arrow import record_schema, to_table
from taiyi_corpus.schema.record import SPLITS, Record, Split
from taiyi_corpus.sources.locate import Located

PART_ROWS = 20_000  # records a part: the unit of all later work, and the bound of its memory
_FLUSH_CHARS = 16_000_000
_LONG = 512  # estimated tokens above which a document may need windows
_STAGES = ("schema", "spec", "sources", "readers", "normalise", "adapters", "language")


class Part(msgspec.Struct, frozen=True):
    """One Parquet file of records."""

    path: str
    split: Split
    rows: int


class StoredDataset(msgspec.Struct, frozen=True):
    """What normalising a dataset gave: its parts, counts a split, and hashes of its sources."""

    dataset: str
    origin: Origin
    parts: list[Part]
    tallies: dict[Split, Tally]
    drops: str  # path of the Parquet file of drops
    sources: dict[str, str]  # file below the dataset's folder -> sha256


class Job(msgspec.Struct, frozen=True):
    """One dataset to normalise."""

    located: Located
    origin: Origin
    cache: str


@functools.cache
def code_version() -> str:
    """Return a hash of the code that reads and normalises."""
    root = Path(__file__).parents[1]
    digest = xxhash.xxh3_128()
    for stage in _STAGES:
        for path in sorted((root / stage).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def source_hashes(located: Located) -> dict[str, str]:
    """Return the SHA-256 of every file a dataset is read from, by path below its folder."""
    members = [
        m
        for sources in located.splits.values()
        for s in sources
        for m in (*s.members, s.only, s.without)
        if m
    ]
    members += [m for table in located.side.values() for m in table]
    files = sorted({member.file for member in members})
    folder = located.folder or Path()
    return {file.relative_to(folder).as_posix(): file_sha256(file) for file in files}


def normalise_dataset(job: Job) -> StoredDataset:
    """Normalise one dataset, or return what an earlier run stored under the same key.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    spec, sources = job.located.spec, source_hashes(job.located)
    identity = [
        code_version(),
        job.origin,
        job.located.variant,
        spec.model_dump_json(),
        sorted(sources.items()),
    ]
    key = xxhash.xxh3_128_hexdigest(msgspec.json.encode(identity))
    folder = Path(job.cache) / "records" / spec.id / key
    index = folder / "index.json"
    if index.is_file():
        return msgspec.json.decode(index.read_bytes(), type=StoredDataset)
    staging = folder.with_name(f".{key}.{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        stored = _write(job, staging, folder, sources)
        (staging / "index.json").write_bytes(msgspec.json.encode(stored))
        shutil.rmtree(folder, ignore_errors=True)
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return stored


def _write(job: Job, staging: Path, folder: Path, sources: dict[str, str]) -> StoredDataset:
    parts: list[Part] = []
    tallies: dict[Split, Tally] = {}
    drops: list[Drop] = []
    for split in SPLITS:
        if split not in job.located.splits:
            continue
        for number, batch in enumerate(_batches(job, split, drops, tallies)):
            name = f"{split}-{number:05d}.parquet"
            pq.write_table(batch, staging / name, compression="zstd", compression_level=1)
            parts.append(Part(str(folder / name), split, batch.num_rows))
    write_drops(drops, staging / "drops.parquet")
    drops_path = str(folder / "drops.parquet")
    return StoredDataset(job.located.spec.id, job.origin, parts, tallies, drops_path, sources)


def _batches(
    job: Job, split: Split, drops: list[Drop], tallies: dict[Split, Tally]
) -> Iterator[pa.Table]:
    batch: list[Record] = []
    chars = 0
    for item in read_split(job.located, split, job.origin):
        if isinstance(item, Drop):
            drops.append(item)
        elif isinstance(item, Tally):
            tallies[split] = item
        else:
            record = _with_bounds(item)
            batch.append(record)
            chars += len(record.text or "") + 200
            if len(batch) >= PART_ROWS or chars >= _FLUSH_CHARS:
                yield to_table(batch)
                batch, chars = [], 0
    if batch:
        yield to_table(batch)


def _with_bounds(record: Record) -> Record:
    if record.text is None or record.entities is None or estimate_tokens(record.text) <= _LONG:
        return record
    return msgspec.structs.replace(
        record, sentence_bounds=sentence_bounds(record.text, record.language)
    )


DROP_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in Drop.__struct_fields__])


def write_drops(drops: list[Drop], path: Path) -> None:
    """Write drops as Parquet."""
    rows = [msgspec.to_builtins(drop) for drop in drops]
    pq.write_table(pa.Table.from_pylist(rows, schema=DROP_SCHEMA), path, compression="zstd")


def read_part(path: str, columns: list[str] | None = None) -> pa.Table:
    """Read a part, all columns or some."""
    return pq.read_table(path, columns=columns, schema=None if columns else record_schema())
