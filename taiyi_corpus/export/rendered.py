"""Rendered rows on disk, with what is counted of them, for whoever puts them in their place in a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from taiyi_corpus import remote
from taiyi_corpus.export.rows import ROW_SCHEMA, table_of, table_of_told
from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.instruct.told import Told
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.recipe import Recipe

BATCH = 4_000  # rows made and written at a time
RENDERED_SCHEMA = ROW_SCHEMA.append(pa.field("drawn", pa.string())).append(
    pa.field("tokens", pa.int64())
)
# Fast to undo, and a third of the size: kept rows are read once or twice.
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


def rendered(made: Sequence[tuple[Instance, Record]], recipe: Recipe) -> pa.Table:
    """Return instances as rows, with the style drawn and the tokens of each."""
    table = table_of(made, recipe)
    drawn = pa.array([instance.drawn for instance, _ in made], pa.string())
    tokens = pa.array([instance.tokens for instance, _ in made], pa.int64())
    return pa.Table.from_arrays([*table.columns, drawn, tokens], schema=RENDERED_SCHEMA)


def rendered_told(told: Told, records: pa.Table, recipe: Recipe) -> pa.Table:
    """Return the same of instances that are the turns of their records."""
    table = table_of_told(told, records, recipe)
    columns = [*table.columns, table.column("style"), pa.array(told.tokens)]
    return pa.Table.from_arrays(columns, schema=RENDERED_SCHEMA)


class RowFile:
    """A file that rendered rows are added to, in the order in which they come."""

    def __init__(self, writer: pa.ipc.RecordBatchFileWriter, recipe: Recipe) -> None:
        self._writer, self._recipe = writer, recipe
        self._waiting: list[tuple[Instance, Record]] = []

    def add(self, instance: Instance, record: Record) -> None:
        """Add the row of an instance."""
        self._waiting.append((instance, record))
        if len(self._waiting) >= BATCH:
            self.flush()

    def add_rows(self, rows: pa.Table) -> None:
        """Add rows that are made."""
        self.flush()
        self._writer.write_table(rows, max_chunksize=BATCH)

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            self._writer.write_table(rendered(self._waiting, self._recipe))
            self._waiting = []


@contextmanager
def row_file(path: Path, recipe: Recipe) -> Iterator[RowFile]:
    """Yield a new file of rendered rows."""
    with (
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, RENDERED_SCHEMA, options=_OPTIONS) as writer,
    ):
        file = RowFile(writer, recipe)
        yield file
        file.flush()


class Rows:
    """The rows of a file, by their numbers."""

    def __init__(self, path: str) -> None:
        with pa.memory_map(str(remote.fetched(Path(path)))) as source:
            # In one piece: rows are picked out of many ten times as slowly.
            self._table = pa.ipc.open_file(source).read_all().combine_chunks()

    def take(self, numbers: npt.NDArray[np.int64]) -> pa.Table:
        """Return some rows, in the order of their numbers."""
        return self._table.take(pa.array(numbers))
