"""Shards: equal in rows (+-1), globally shuffled, zstd Parquet with row groups sized for streaming."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.export.rows import ROW_SCHEMA
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
    """Rows from place `start` up to `end`, to be written to `target`."""

    spills: list[str]
    start: int
    end: int
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
    slices = [
        piece for path in job.spills if (piece := _slice(path, job.start, job.end)) is not None
    ]
    table = (
        pa.concat_tables(slices)
        if slices
        else ROW_SCHEMA.append(pa.field("place", pa.int64())).empty_table()
    )
    table = (
        table.take(pc.sort_indices(table.column("place"))).drop_columns(["place"]).cast(ROW_SCHEMA)
    )
    return write_table(table, Path(job.root), job.target)


def write_table(table: pa.Table, root: Path, target: str) -> Shard:
    """Write the rows of a shard to `target` below `root`."""
    path = root / target
    path.parent.mkdir(parents=True, exist_ok=True)  # another machine has none yet
    pq.write_table(
        table.combine_chunks(),
        path,
        compression="zstd",
        compression_level=3,
        row_group_size=_ROW_GROUP,
        store_schema=True,
    )
    remote.sent(path)
    return Shard(target, table.num_rows, path.stat().st_size, file_sha256(path))


def _slice(path: str, start: int, end: int) -> pa.Table | None:
    with pa.memory_map(str(remote.fetched(Path(path)))) as source:
        table = pa.ipc.open_file(source).read_all()
        places = table.column("place").to_numpy()
        low, high = np.searchsorted(places, [start, end])
        # take() copies, so the file is not needed any more when the map closes.
        return table.take(pa.array(np.arange(low, high))) if high > low else None
