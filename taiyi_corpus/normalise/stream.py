"""Normalising as a stream: rows of one split in, records and drops out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from taiyi_corpus.ledger import Drop, Stage, Unit
from taiyi_corpus.normalise.columns import Columns
from taiyi_corpus.normalise.draft import LeftOut
from taiyi_corpus.normalise.faults import FaultBook, RecordFault
from taiyi_corpus.normalise.mapper import Mapper
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.dataset import DatasetSpec, Variant


@dataclass(slots=True)
class Tally:
    """Counts of one split while it is read: rows in, rows broken, records made, records dropped."""

    rows: int = 0
    bad_rows: int = 0
    records: int = 0
    dropped: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class IdTaken(Exception):
    """Two records state one id, and what one of them says was not kept."""


class PlaceUnknown(Exception):
    """A row goes by its place in the split, and only a reading of the whole split knows it."""


class Normaliser:
    """Turns the rows of one split into records, counting as it goes."""

    def __init__(self, spec: DatasetSpec, form: DatasetSpec | Variant, split: Split,
                 origin: Literal["raw", "sample"], *, ids: Ids | None = None,
                 start: int | None = 0) -> None:  # fmt: skip
        """Make one.

        Args:
            ids: what tells records of one id apart; else they are told apart here.
            start: how many rows of the split come before; None: that is not known.
        """
        self.spec, self.split = spec, split
        gold = form.splits[split].gold if split in form.splits else True
        self.mapper = Mapper(spec, form, origin, gold=gold)
        self.book = FaultBook(form.known_faults)
        self.tally = Tally()
        self._ids = _OwnIds() if ids is None else ids
        self._start = start
        # Ids that are places are different without looking.
        self._looks = ids is not None or self.mapper.map.id is not None
        self._seen = 0

    def __call__(
        self, rows: Iterable[Row | BadRow], subset: str | None = None
    ) -> Iterator[Record | Drop]:
        """Yield a record, or the drop that says why there is none, for each row.

        Raises:
            PlaceUnknown: a row has no key of its own, and its place is not known.
        """
        for row in rows:
            self._seen += 1  # a broken row has its place, so repairing it renames no other
            if isinstance(row, BadRow):
                self.tally.bad_rows += 1
                self.book.counts["row_malformed"] += 1
                detail = f"wanted {row.wanted}, found {row.found}"
                yield self._drop("read", "row", row.where, "row_malformed", detail)
                continue
            key = self.mapper.key(row.data, row.key) or self._place()
            try:
                record, left_out = self._record(row, key, subset)
            except RecordFault as fault:
                self.tally.dropped += 1
                self.book.counts[fault.code] += 1
                id_ = f"{self.spec.id}/{self.split}/{key}"
                detail = f"{row.where}: {fault.detail}"
                yield self._drop("normalise", "record", id_, fault.code, detail)
                continue
            self.tally.records += 1
            for id_, reason, detail in left_out:
                yield self._drop("normalise", "annotation", f"{record.id}/{id_}", reason, detail)
            yield record

    def stated(self, columns: Columns) -> pa.StringArray:
        """Return the ids of the records of rows that come next: by their keys, else by their places.

        Raises:
            PlaceUnknown: as for single rows.
        """
        keys, prefix = self.mapper.keys(columns), f"{self.spec.id}/{self.split}/"
        if keys is None or keys.null_count:
            if self._start is None:
                raise PlaceUnknown
            first = self._start + self._seen
            places = pa.array(np.arange(first, first + columns.count)).cast(pa.string())
            keys = places if keys is None else pc.coalesce(keys, places)
        return pc.binary_join_element_wise(prefix, keys, "")

    def take(self, ids: pa.StringArray, places: Callable[[], pa.StringArray]) -> None:
        """Count records that are made of the rows that come next.

        Args:
            ids: the ids they state.
            places: gives where their rows are.

        Raises:
            IdTaken: another record states one of these ids.
        """
        self._seen += len(ids)
        self.tally.records += len(ids)
        if self._looks:
            self._ids.take_all(ids, places)

    def _place(self) -> str:
        """Return the place of the row in the split, from 0."""
        if self._start is None:
            raise PlaceUnknown
        return str(self._start + self._seen - 1)

    def _record(self, row: Row, key: str, subset: str | None) -> tuple[Record, LeftOut]:
        try:
            record, left_out = self.mapper.record(row.data, key, self.split, subset, self.book)
            id_ = self._ids.take(record, row.where)
        except UnicodeEncodeError as error:
            # JSON can escape half of a surrogate pair; such a string is no text and cannot be written.
            bad = error.object[error.start : error.end]
            raise RecordFault("row_malformed", f"wanted text, found {bad!r}") from None
        if id_ is None:
            raise RecordFault("row_duplicate", "read before")
        if id_ != record.id:
            self.book.counts["key_repeated"] += 1
            record = msgspec.structs.replace(record, id=id_)
        return record, left_out

    def _drop(self, stage: Stage, unit: Unit, id_: str, reason: str, detail: str) -> Drop:
        clean = (text.encode("utf-8", "backslashreplace").decode() for text in (id_, detail))
        return Drop(stage, unit, self.spec.id, self.split, next(clean), reason, next(clean))

    def finish(self) -> Tally:
        """Return the counts, once all rows were read."""
        self.tally.faults = dict(sorted(self.book.counts.items()))
        return self.tally


class Ids(Protocol):
    """Tells records of one id apart."""

    def take(self, record: Record, where: str) -> str | None:
        """Return the id a record gets, None for one that was there before; `where`: the place of its row."""
        ...

    def take_all(self, ids: pa.StringArray, places: Callable[[], pa.StringArray]) -> None:
        """Note the ids of some records, of which nothing else is kept; `places` gives where they are.

        Raises:
            IdTaken: another record has one of them.
        """
        ...


def content_of(record: Record) -> int:
    """Return a hash of all that a record says."""
    return xxhash.xxh3_64_intdigest(msgspec.msgpack.encode(record))


def id_hash(id_: str) -> int:
    """Return the hash by which ids are compared."""
    return xxhash.xxh3_64_intdigest(id_.encode())


def id_hashes(ids: pa.StringArray) -> Iterator[int]:
    """Yield the hash of each id."""
    return map(xxhash.xxh3_64_intdigest, ids.cast(pa.binary()).to_pylist())


class _OwnIds:
    """Gives each record of a split an id of its own; knows records by 64-bit hashes, for splits are long."""

    def __init__(self) -> None:
        # id given -> content, with the id the source states; None: not known
        self._taken: dict[int, int | None] = {}

    def take(self, record: Record, where: str) -> str | None:
        """Return the record's id, with a number appended if another record has it; None for the same record again."""
        content = content_of(record)
        id_, number = record.id, 1
        while (key := id_hash(id_)) in self._taken:
            if self._taken[key] is None:
                raise IdTaken
            if self._taken[key] == content:
                return None
            number += 1
            id_ = f"{record.id}-{number}"
        self._taken[key] = content
        return id_

    def take_all(self, ids: pa.StringArray, places: Callable[[], pa.StringArray]) -> None:
        """Note the ids of some records; see `Ids`."""
        before = len(self._taken)
        self._taken |= dict.fromkeys(id_hashes(ids))
        if len(self._taken) < before + len(ids):
            raise IdTaken
