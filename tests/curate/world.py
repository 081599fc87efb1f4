"""Datasets of some records, curated together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from taiyi_corpus.curate.curated import Batch
from taiyi_corpus.curate.duplicates import Repeats, drop_repeats, priorities
from taiyi_corpus.curate.part import CurateJob, curate_part
from taiyi_corpus.engine.local import Pool
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Curation
from taiyi_corpus.spec.dataset import DatasetSpec
from tests.toys import dataset


class World:
    """Datasets of some records, curated together."""

    def __init__(self, folder: Path, protected: str | None = None, **settings: Any) -> None:
        self.protected = protected  # folder of an index
        self.folder, self.curation = folder, Curation.model_validate(settings)
        self.specs: dict[str, DatasetSpec] = {}
        self.parts: list[tuple[str, Part]] = []

    def add(self, id_: str, *records: Record, split: str = "train", **spec: Any) -> World:
        made = [
            msgspec.structs.replace(
                r, id=f"{id_}/{split}/{r.id.rpartition('/')[2]}", dataset=id_, split=split
            )
            for r in records
        ]
        path = self.folder / f"{id_}-{split}-{len(self.parts)}.parquet"
        pq.write_table(to_table(made), path)
        self.specs.setdefault(id_, dataset(id_, **spec))
        self.parts.append((id_, Part(str(path), split, len(made))))  # type: ignore[arg-type]
        return self

    def curated(self, order: Sequence[int] | None = None, cache: Path | None = None) -> list[Batch]:
        parts = self.parts if order is None else [self.parts[at] for at in order]
        kept = None if cache is None else str(cache)
        return [
            Batch(
                id_,
                curate_part(CurateJob(part, self.specs[id_], self.curation, self.protected, kept)),
            )
            for id_, part in parts
        ]

    def drops(self, order: Sequence[int] | None = None) -> set[tuple[str, str]]:
        """(record, reason) of everything dropped."""
        batches = self.curated(order)
        repeats = self.repeats(batches)
        own = [drop for batch in batches for drop in batch.curated.drops]
        drops = [*own, *(drop for found in repeats.drops.values() for drop in found)]
        assert sum(len(b.curated.keep) - int(b.curated.keep.sum()) for b in batches) == len(drops)
        return {(drop.id, drop.reason) for drop in drops}

    def repeats(self, batches: list[Batch]) -> Repeats:
        ranks = priorities(self.specs, [], self.curation.duplicates.prefer)
        return drop_repeats(batches, ranks, self.curation, Pool(1).run)
