"""Records as Parquet files of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from taiyi_corpus.language.sentences import sentence_bounds
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import DropWriter
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Record, Split

PART_ROWS = 20_000  # records a part: the unit of all later work, and the bound of its memory
DROPS = "drops.parquet"
_FLUSH_CHARS = 16_000_000
_LONG = 512  # estimated tokens above which a document may need windows


class Made(msgspec.Struct, frozen=True):
    """What was made of a dataset or a slice of it: parts as (file name, split, rows), counts a split."""

    parts: list[tuple[str, Split, int]]
    tallies: dict[Split, Tally]


def write_parts(
    items: Iterable[Record | Drop | Tally], folder: Path, split: Split, drops: DropWriter
) -> tuple[list[tuple[str, Split, int]], Tally]:
    """Write the records of a split to files, its drops to `drops`; return the files and the counts."""
    tally = Tally()

    def records() -> Iterator[Record]:
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
    """Write a part."""
    pq.write_table(table, path, compression="zstd", compression_level=1)


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
