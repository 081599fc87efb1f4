"""One dataset curated as a recipe says, whole: repaired, masked, filtered, without repeats.

Benchmark splits stay as they were released: scores on anything else cannot be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.engine.local import Pool
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.store import Part, StoredDataset, read_part
from taiyi_corpus.pipeline.clean import clean
from taiyi_corpus.pipeline.gather import silent
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located, form
from taiyi_corpus.spec.curation import Curation


class Records(Struct, frozen=True):
    """The records of a dataset as they would be sent, and the ledger of what was left out."""

    parts: list[Part]
    drops: str


def as_released(stored: StoredDataset, work: Path) -> Records:
    """Return all records that normalising made, written below `work`."""
    whole = ((part.split, read_part(part.path)) for part in stored.parts)
    parts = [_written(number, *one, work) for number, one in enumerate(whole)]
    return Records(parts, stored.drops)


def curated(
    located: Located, stored: StoredDataset, curation: Curation, work: Path, workers: int
) -> Records:
    """Return what curating keeps, written below `work`."""
    id_, splits = located.spec.id, form(located).splits
    with Pool(workers) as pool:
        specs = {id_: located}
        cleaned = clean([(stored, stored.parts)], specs, curation, None, pool.run, silent)
    parts: list[Part] = []
    drops: list[Drop] = []
    released = {split for split, spec in splits.items() if spec.benchmark}
    for before, one in zip(stored.parts, cleaned.curated[id_], strict=True):
        if before.split in released:
            table = read_part(before.path)
        else:
            table = read_part(one.part.path).filter(pa.array(one.keep))
            drops += [*one.drops, *one.repairs]
        parts.append(_written(len(parts), before.split, table, work))
    repeats = cleaned.repeats.get(id_, [])
    drops += [drop for drop in repeats if drop.split not in released]
    return Records(parts, _ledger(stored, drops, work))


def _written(number: int, split: Split, table: pa.Table, work: Path) -> Part:
    # All columns of the schema: a part of the cache lacks those that nothing is in.
    path = work / f"{number:05d}.parquet"
    pq.write_table(table, path, compression="zstd", compression_level=3)
    return Part(str(path), split, table.num_rows)


def _ledger(stored: StoredDataset, drops: Sequence[Drop], work: Path) -> str:
    path = work / "curated-ledger.parquet"
    with drop_writer(path) as writer:
        writer.add_table(pq.read_table(stored.drops))
        writer.add(drops)
    return str(path)
