"""Normalised records on disk: one folder a dataset, keyed by everything that made it.

The key covers the bytes of the sources, the dataset's YAML and the code that reads and normalises, so a changed YAML
redoes one dataset and a second build reads nothing again. A folder is written beside its place and renamed when whole.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import DropWriter, drop_writer
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.arrow import record_schema, to_table
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, files_of

PART_ROWS = 20_000  # records a part: the unit of all later work, and the bound of its memory
_FLUSH_CHARS = 16_000_000
_LONG = 512  # estimated tokens above which a document may need windows
_DROPS = "drops.parquet"
_STAGES = ("schema", "spec", "sources", "readers", "normalise", "adapters", "language")


class Part(msgspec.Struct, frozen=True):
    """One Parquet file of records."""

    path: str  # in index.json, the name in its folder
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

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"normalising {self.located.spec.id}"


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
    folder = located.folder or Path()
    return {file.relative_to(folder).as_posix(): file_sha256(file) for file in files_of(located)}


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
        return _opened(index)
    staging = folder.with_name(f".{key}.{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        stored = _write(job, staging, sources)
        (staging / "index.json").write_bytes(msgspec.json.encode(stored))
        _swap_in(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return _opened(index)


def _swap_in(staging: Path, folder: Path) -> None:
    """Give a finished folder its place; if another process was faster, its folder stays: both hold the same."""
    try:
        staging.rename(folder)
    except OSError:
        if not (folder / "index.json").is_file():
            raise


def _opened(index: Path) -> StoredDataset:
    """Return what an index says, its files where it lies now: a cache may be moved."""
    stored = msgspec.json.decode(index.read_bytes(), type=StoredDataset)
    parts = [Part(str(index.parent / part.path), part.split, part.rows) for part in stored.parts]
    return msgspec.structs.replace(stored, parts=parts, drops=str(index.parent / stored.drops))


def _write(job: Job, staging: Path, sources: dict[str, str]) -> StoredDataset:
    parts: list[Part] = []
    tallies: dict[Split, Tally] = {}
    with drop_writer(staging / _DROPS) as drops:
        for split in job.located.splits:
            items = _Items(read_split(job.located, split, job.origin), drops)
            for number, batch in enumerate(_batches(items)):
                name = f"{split}-{number:05d}.parquet"
                pq.write_table(batch, staging / name, compression="zstd", compression_level=1)
                parts.append(Part(name, split, batch.num_rows))
            tallies[split] = items.tally
    return StoredDataset(job.located.spec.id, job.origin, parts, tallies, _DROPS, sources)


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
