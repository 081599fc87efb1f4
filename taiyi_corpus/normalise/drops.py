"""Drops on disk: a Parquet file, a line for everything that was left out, written as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus import remote
from taiyi_corpus.ledger import Drop

DROP_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in Drop.__struct_fields__])
_BATCH = 20_000


class DropWriter:
    """Appends drops to an open Parquet file, some thousands at a time."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._waiting: list[Drop] = []

    def add(self, drops: Iterable[Drop]) -> None:
        """Append drops."""
        self._waiting += drops
        if len(self._waiting) >= _BATCH:
            self.flush()

    def add_table(self, table: pa.Table) -> None:
        """Append drops that are a table already."""
        self.flush()
        if table.num_rows:
            self._writer.write_table(table)

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            rows = [msgspec.to_builtins(drop) for drop in self._waiting]
            self._writer.write_table(pa.Table.from_pylist(rows, schema=DROP_SCHEMA))
            self._waiting = []


@contextmanager
def drop_writer(path: Path) -> Iterator[DropWriter]:
    """Open a Parquet file of drops for writing."""
    with pq.ParquetWriter(path, DROP_SCHEMA, compression="zstd") as writer:
        drops = DropWriter(writer)
        yield drops
        drops.flush()


def read_drops(path: str) -> pa.Table:
    """Read a file of drops."""
    # Not `read_table`: it imports pandas.
    with pq.ParquetFile(remote.fetched(Path(path))) as file:
        return file.read(use_threads=False)
