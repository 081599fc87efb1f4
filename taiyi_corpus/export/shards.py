"""Shards: equal in rows (+-1), globally shuffled, zstd Parquet with row groups sized for streaming."""

from __future__ import annotations

import itertools
import re
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.spill import SPILL_SCHEMA
from taiyi_corpus.hashing import file_sha256

_NUMBER = re.compile(r"(-\d{5,}-of-\d{5,})?\.parquet$")
_OPEN = 256  # spill files open at a time: a process may not open as many as a large build has
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
    starts = range(0, len(job.spills), _OPEN)
    gathered = [_gathered(job.spills[at : at + _OPEN], job) for at in starts]
    table = gathered[0] if len(gathered) == 1 else _in_order(gathered)
    return write_table(table.drop_columns(["place"]).cast(ROW_SCHEMA), Path(job.root), job.target)


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


def _gathered(spills: list[str], job: ShardJob) -> pa.Table:
    with ExitStack() as maps:
        # Put in order they are copies, so the files are not needed any more when the maps close.
        files = [str(remote.fetched(Path(path))) for path in spills]
        return _in_order([_slice(maps.enter_context(pa.memory_map(file)), job) for file in files])


def _slice(source: pa.MemoryMappedFile, job: ShardJob) -> pa.Table:
    table = pa.ipc.open_file(source).read_all()
    low, high = np.searchsorted(table.column("place").to_numpy(), [job.start, job.end])
    return table.slice(low, high - low)


def _in_order(tables: list[pa.Table]) -> pa.Table:
    # Rows of a few hundred chunks are picked ten times as slowly as those of one.
    table = pa.concat_tables([SPILL_SCHEMA.empty_table(), *tables]).combine_chunks()
    return table.take(pc.sort_indices(table.column("place")))
