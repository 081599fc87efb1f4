"""Curating one part: filters, and the keys by which a dataset's repeats are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xxhash
from msgspec import Struct

from taiyi_corpus.curate.filters import COLUMNS, chosen
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Record


class CurateJob(Struct, frozen=True):
    """One part to curate."""

    part: Part
    filters: list[str]
    unique_by: str | None


class Curated(Struct):
    """What stays of a part: a mask over its rows, keys of the rows, the drops."""

    keep: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]  # empty where the dataset has no `unique_by`
    drops: list[Drop]


def curate_part(job: CurateJob) -> Curated:
    """Run the filters over a part and take the keys of its rows."""
    filters = chosen(job.filters)
    records = from_table(read_part(job.part.path, columns_of(COLUMNS)))
    keep = np.ones(len(records), dtype=np.bool_)
    drops: list[Drop] = []
    for row, record in enumerate(records):
        for name, test in filters:
            detail = test(record)
            if detail is not None:
                keep[row] = False
                drops.append(
                    Drop("curate", "record", record.dataset, record.split, record.id, name, detail)
                )
                break
    keys = [_key(record, job.unique_by) for record in records] if job.unique_by else []
    return Curated(keep, np.array(keys, dtype=np.uint64), drops)


def _key(record: Record, by: str) -> int:
    texts = (record.text_a, record.text_b) if by == "pair" else (getattr(record, by),)
    if any(text is None for text in texts):
        return 0
    # Blanks make no other question, nor does the order of a pair.
    said = sorted(" ".join((text or "").split()) for text in texts)
    return xxhash.xxh3_64_intdigest("\x1f".join(said).encode())


def drop_repeats(parts: list[Part], curated: list[Curated], dataset: str) -> list[Drop]:
    """Drop, over all parts of a dataset in their order, every record whose key came before; keys of 0 never repeat.

    Returns:
        the drops; the masks of `curated` are changed.
    """
    if not any(len(c.keys) for c in curated):
        return []
    keys = np.concatenate([np.where(c.keep, c.keys, 0) for c in curated])
    order = np.argsort(keys, kind="stable")
    repeated = np.zeros(len(keys), dtype=np.bool_)
    repeated[order[1:]] = (keys[order][1:] == keys[order][:-1]) & (keys[order][1:] != 0)
    drops: list[Drop] = []
    start = 0
    for part, c in zip(parts, curated, strict=True):
        rows = np.flatnonzero(repeated[start : start + len(c.keep)])
        start += len(c.keep)
        if len(rows):
            c.keep[rows] = False
            ids = read_part(part.path, ["id"]).column("id").take(rows).to_pylist()
            drops += [
                Drop("curate", "record", dataset, part.split, id_, "repeated_key") for id_ in ids
            ]
    return drops
