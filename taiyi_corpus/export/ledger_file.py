"""`ledger.parquet`: a line for everything that was left out, written as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import DROP_SCHEMA


class LedgerWriter:
    """Appends drops to an open Parquet file."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer

    def add(self, drops: Iterable[Drop]) -> None:
        """Append drops."""
        rows = [msgspec.to_builtins(drop) for drop in drops]
        if rows:
            self._writer.write_table(pa.Table.from_pylist(rows, schema=DROP_SCHEMA))

    def add_table(self, table: pa.Table) -> None:
        """Append drops that are a table already."""
        if table.num_rows:
            self._writer.write_table(table)


@contextmanager
def ledger_writer(path: Path) -> Iterator[LedgerWriter]:
    """Open `ledger.parquet` for writing."""
    with pq.ParquetWriter(path, DROP_SCHEMA, compression="zstd") as writer:
        yield LedgerWriter(writer)
