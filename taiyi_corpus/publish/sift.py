"""The part of a build that may be passed on: new shards, with the rows of some datasets only, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.shards import Shard, shard_bounds, shard_name, write_table


class SiftJob(Struct, frozen=True):
    """Shards of one split, the datasets whose rows stay, and how many rows these are."""

    split: str
    sources: list[str]
    keep: list[str]
    rows: int
    shard_rows: int
    target: str  # folder

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"sifting the split {self.split}"


def sift(job: SiftJob) -> list[Shard]:
    """Write the rows that stay into shards of even size; memory is bounded by one of them."""
    root = Path(job.target)
    (root / "data").mkdir(parents=True, exist_ok=True)
    bounds = shard_bounds(job.rows, job.shard_rows)
    tables = _kept(job.sources, job.keep)
    shards = []
    rest = ROW_SCHEMA.empty_table()
    for number, (start, end) in enumerate(bounds):
        held = [rest]
        while sum(table.num_rows for table in held) < end - start:
            held.append(next(tables))
        table = pa.concat_tables(held)
        rest = table.slice(end - start)
        name = shard_name(job.split, number, len(bounds))
        shards.append(write_table(table.slice(0, end - start), root, name))
    return shards


def _kept(sources: Sequence[str], keep: Collection[str]) -> Iterator[pa.Table]:
    names = pa.array(sorted(keep), pa.string())
    for source in sources:
        with pq.ParquetFile(source) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group).cast(ROW_SCHEMA)
                yield table.filter(pc.is_in(table.column("dataset"), names))
