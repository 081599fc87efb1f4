"""Shards: equal in rows (+-1), globally shuffled, zstd Parquet with row groups sized for streaming."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.spill_file import SPILL_SCHEMA, read_spill
from taiyi_corpus.hashing import file_sha256

_NUMBER = re.compile(r"(-\d{5,}-of-\d{5,})?\.parquet$")
_ROW_GROUP = 2_000  # rows: about 3 MB of text, what a streaming reader holds at a time


class Shard(Struct, frozen=True):
    """One finished file."""

    path: str  # below the build folder
    rows: int
    bytes: int
    sha256: str


class ShardJob(Struct, frozen=True):
    """One shard: its number among those of its split, and the files that hold its rows."""

    spills: list[str]
    number: int
    root: str
    target: str

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"writing {self.target}"


def shard_bounds(rows: int, shard_rows: int) -> list[tuple[int, int]]:
    """Return (start, end) of each shard; their sizes differ by one at most. No rows make one empty shard."""
    count = max(1, -(-rows // shard_rows))
    edges = [rows * i // count for i in range(count + 1)]
    return list(itertools.pairwise(edges))


def shard_name(split: str, number: int, count: int) -> str:
    """Return the file name of a shard, below the build folder."""
    return f"data/{split}-{number:05d}-of-{count:05d}.parquet"


def split_of(path: str) -> str:
    """Return the split a shard's name says: what stands before its number."""
    return _NUMBER.sub("", Path(path).name)


def write_shard(job: ShardJob) -> Shard:
    """Gather the rows of a shard from the spill files and write them in order."""
    found = [batch for path in job.spills for batch in read_spill(Path(path), job.number)]
    # Rows of a few hundred batches are picked ten times as slowly as those of one.
    table = pa.Table.from_batches(found, SPILL_SCHEMA).combine_chunks()
    del found
    order = pc.sort_indices(table.column("key"))
    table = table.select(ROW_SCHEMA.names).cast(ROW_SCHEMA)
    groups = (table.take(order.slice(at, _ROW_GROUP)) for at in _starts(len(order)))
    return _written(groups, ROW_SCHEMA, Path(job.root), job.target)


def write_table(table: pa.Table, root: Path, target: str) -> Shard:
    """Write the rows of a shard to `target` below `root`."""
    groups = (table.slice(at, _ROW_GROUP) for at in _starts(table.num_rows))
    return _written(groups, table.schema, root, target)


def _starts(rows: int) -> range:
    return range(0, max(rows, 1), _ROW_GROUP)  # a shard of nothing has one empty row group


def _written(groups: Iterable[pa.Table], schema: pa.Schema, root: Path, target: str) -> Shard:
    path, rows = root / target, 0
    path.parent.mkdir(parents=True, exist_ok=True)  # another machine has none yet
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for group in groups:
            writer.write_table(group.combine_chunks())
            rows += group.num_rows
    remote.sent(path)
    return Shard(target, rows, path.stat().st_size, file_sha256(path))
