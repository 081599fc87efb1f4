"""Normalising as a stream: rows of one split in, records and drops out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.mapper import Mapper
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.dataset import DatasetSpec, Variant

# What a split released without annotation has none of, whatever placeholder its files hold.
_GOLD = ("entities", "concepts", "relations", "events", "coreferences", "groups", "attributes", "labels", "score",
         "answers", "rationale", "target", "target_struct")  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Counts of one split while it is read: rows in, rows broken, records made, records dropped."""

    rows: int = 0
    bad_rows: int = 0
    records: int = 0
    dropped: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class Normaliser:
    """Turns the rows of one split into records, counting as it goes."""

    def __init__(self, spec: DatasetSpec, form: DatasetSpec | Variant, split: Split,
                 origin: Literal["raw", "sample"]) -> None:  # fmt: skip
        self.spec, self.split = spec, split
        self.mapper = Mapper(spec, form, origin)
        self.book = FaultBook(form.known_faults)
        self.tally = Tally()
        self._gold = form.splits[split].gold if split in form.splits else True
        self._position = 0

    def __call__(
        self, rows: Iterable[Row | BadRow], subset: str | None = None
    ) -> Iterator[Record | Drop]:
        """Yield a record, or the drop that says why there is none, for each row."""
        dataset, split, tally = self.spec.id, self.split, self.tally
        for row in rows:
            if isinstance(row, BadRow):
                tally.bad_rows += 1
                self.book.counts["row_malformed"] += 1
                detail = f"wanted {row.wanted}, found {row.found}"
                yield Drop("read", "row", dataset, split, row.where, "row_malformed", detail)
                continue
            key = self.mapper.key(row.data, row.key, self._position)
            self._position += 1
            try:
                record, left_out = self.mapper.record(row.data, key, split, subset, self.book)
            except RecordFault as fault:
                tally.dropped += 1
                detail = f"{row.where}: {fault.detail}"
                yield Drop(
                    "normalise",
                    "record",
                    dataset,
                    split,
                    f"{dataset}/{split}/{key}",
                    fault.code,
                    detail,
                )
                continue
            if not self._gold:
                record = msgspec.structs.replace(record, **dict.fromkeys(_GOLD))
            tally.records += 1
            for id_, reason, detail in left_out:
                yield Drop(
                    "normalise", "annotation", dataset, split, f"{record.id}/{id_}", reason, detail
                )
            yield record

    def finish(self) -> Tally:
        """Return the counts, once all rows were read."""
        self.tally.faults = dict(sorted(self.book.counts.items()))
        return self.tally
