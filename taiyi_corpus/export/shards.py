"""Shards: equal in rows (+-1), globally shuffled, zstd Parquet with row groups sized for streaming."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.spill_file import SPILL_SCHEMA, read_spill
from taiyi_corpus.hashing import file_sha256

_NUMBER = re.compile(r"(-\d{5,}-of-\d{5,})?\.parquet$")
_ROW_GROUP = 2_000  # rows: about 3 MB of text, what a streaming reader holds at a time
_TOGETHER = 4 * _ROW_GROUP  # rows put in order at a time


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
    pieces = [batch for path in job.spills for batch in read_spill(Path(path), job.number)]
    return _written(_in_order(pieces), ROW_SCHEMA, Path(job.root), job.target)


def _in_order(pieces: Sequence[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield the rows of pieces, each sorted by key, in the order of their keys, as row groups.

    Beside the pieces no more than `_TOGETHER` rows are held.
    """
    keys = np.concatenate(
        [np.empty(0, np.uint64), *(piece.column("key").to_numpy() for piece in pieces)]
    )
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum([piece.num_rows for piece in pieces], dtype=np.int64)
    done = np.zeros(len(pieces), np.int64)  # rows of each piece that were yielded
    for at in range(0, max(len(order), 1), _TOGETHER):
        owners = np.searchsorted(ends, order[at : at + _TOGETHER], side="right")
        counts = np.bincount(owners, minlength=len(pieces))
        some = [pieces[n].slice(done[n], counts[n]) for n in np.flatnonzero(counts).tolist()]
        done += counts
        # Rows of a few hundred batches are picked ten times as slowly as those of one.
        table = pa.Table.from_batches(some, SPILL_SCHEMA).combine_chunks()
        places = pa.array(np.argsort(table.column("key").to_numpy(), kind="stable"))
        table = table.select(ROW_SCHEMA.names).cast(ROW_SCHEMA)
        yield from (table.take(places.slice(at, _ROW_GROUP)) for at in _starts(len(places)))


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
