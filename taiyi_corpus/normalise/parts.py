"""Records as Parquet files of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import DropWriter
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Record, Split

PART_ROWS = 20_000  # records a part: the unit of all later work, and the bound of its memory
_TOGETHER = 200  # records made into columns at a time, while they are near the processor
DROPS = "drops.parquet"
_FLUSH_CHARS = 16_000_000
_LEAST = 200  # characters a record counts for besides its text
_LONG = 512  # estimated tokens above which a document may need windows


class Made(msgspec.Struct, frozen=True):
    """What was made of a dataset or a slice of it: parts as (file name, split, rows), counts a split."""

    parts: list[tuple[str, Split, int]]
    tallies: dict[Split, Tally]


def write_parts(
    items: Iterable[pa.Table | Record | Drop | Tally], folder: Path, split: Split, drops: DropWriter
) -> tuple[list[tuple[str, Split, int]], Tally]:
    """Write the records of a split to files, its drops to `drops`; return the files and the counts."""
    tally = Tally()

    def records() -> Iterator[pa.Table | Record]:
        nonlocal tally
        for item in items:
            if isinstance(item, Drop):
                drops.add([item])
            elif isinstance(item, Tally):
                tally = item
            else:
                yield item

    made: list[tuple[str, Split, int]] = []
    for number, batch in enumerate(_batches(records())):
        name = part_name(split, number)
        write_part(batch, folder / name)
        made.append((name, split, batch.num_rows))
    return made, tally


def part_name(split: Split, number: int) -> str:
    """Return the file name of a part."""
    return f"{split}-{number:05d}.parquet"


def write_part(table: pa.Table, path: Path) -> None:
    """Write a part; columns that are null all through are left out, for most are, and each takes its time."""
    full = [n for n, column in enumerate(table.columns) if column.null_count < table.num_rows]
    table = table.select(full)
    # Parts are read whole, so nobody asks what the least and largest values are.
    pq.write_table(table, path, compression="zstd", compression_level=1, write_statistics=False)


def _batches(items: Iterable[pa.Table | Record]) -> Iterator[pa.Table]:
    """Yield tables as large as a part may be."""
    tables: list[pa.Table] = []
    records: list[Record] = []
    rows = chars = 0

    def whole() -> pa.Table:
        if records:
            tables.append(to_table(records))
            records.clear()
        table = tables[0] if len(tables) == 1 else pa.concat_tables(tables)
        tables.clear()
        return table.combine_chunks()

    for item in items:
        if isinstance(item, Record):
            records.append(_with_bounds(item))
            rows += 1
            chars += len(item.text or "") + _LEAST
            if rows >= PART_ROWS or chars >= _FLUSH_CHARS:
                yield whole()
                rows = chars = 0
            elif len(records) >= _TOGETHER:
                tables.append(to_table(records))
                records.clear()
            continue
        if records:
            tables.append(to_table(records))
            records.clear()
        ends = np.cumsum(pc.utf8_length(item.column("text")).fill_null(0).to_numpy() + _LEAST)
        start = done = 0
        while start < item.num_rows:
            full = int(np.searchsorted(ends, _FLUSH_CHARS - chars + done)) + 1
            stop = min(full, start + PART_ROWS - rows, item.num_rows)
            tables.append(item.slice(start, stop - start))
            rows += stop - start
            chars += int(ends[stop - 1]) - done
            start, done = stop, int(ends[stop - 1])
            if rows >= PART_ROWS or chars >= _FLUSH_CHARS:
                yield whole()
                rows = chars = 0
    if rows:
        yield whole()


def _with_bounds(record: Record) -> Record:
    annotated = (record.entities, record.relations, record.events, record.coreferences)
    if record.text is None or all(part is None for part in annotated):
        return record
    if estimate_tokens(record.text) <= _LONG:
        return record
    return msgspec.structs.replace(
        record, sentence_bounds=sentence_bounds(record.text, record.language)
    )
