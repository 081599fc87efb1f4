"""Batches of rows in; tables of records, single records and drops out, in the order of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.blanks import Bools
from taiyi_corpus.normalise.columnar import Part, parts_of
from taiyi_corpus.normalise.columns import Columns, Made, Unlike
from taiyi_corpus.normalise.stream import Normaliser
from taiyi_corpus.readers import batches
from taiyi_corpus.readers.batch import Batch
from taiyi_corpus.readers.span import Cut
from taiyi_corpus.schema.arrow import record_schema, to_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import LocatedSource
from taiyi_corpus.sources.member import Member
from taiyi_corpus.spec.dataset import DatasetSpec, Variant


class Tables:
    """Normalises the rows of a split in batches."""

    def __init__(self, normaliser: Normaliser, parts: list[Part]) -> None:
        self._normaliser, self._parts = normaliser, parts
        mapper = normaliser.mapper
        self._constant = {
            "dataset": mapper.spec.id, "split": normaliser.split, "language": mapper.spec.language,
            "origin": mapper.origin, "license": mapper.spec.license.name,
        }  # fmt: skip

    def __call__(
        self, batches: Iterable[Batch], subset: str | None
    ) -> Iterator[pa.Table | Record | Drop]:
        """Yield what becomes of the rows.

        Raises:
            PlaceUnknown: as `Normaliser`.
            IdTaken: two records state one id.
        """
        for batch in batches:
            self._normaliser.tally.rows += batch.count
            odd = np.zeros(batch.count, np.bool_)
            try:
                ids, made = self._columns(batch, odd)
            except Unlike:
                yield from self._normaliser(batch.rows(), subset)
                continue
            if subset is not None:
                made["subset"] = pa.repeat(pa.scalar(subset), batch.count)
            table = self._table(batch, ids, made)
            if odd.any():
                yield from self._mixed(batch, ids, table, odd, subset)
            else:
                self._normaliser.take(ids, batch.places)
                yield table

    def _columns(self, batch: Batch, odd: Bools) -> tuple[pa.StringArray, Made]:
        if (batch.cells is None and batch.objects is None) or not batch.count:
            raise Unlike
        columns, made = Columns(batch), Made()
        for part in self._parts:
            part(columns, made, odd)
        return self._normaliser.stated(columns), made

    def _table(self, batch: Batch, ids: pa.StringArray, made: Made) -> pa.Table:
        count = batch.count
        for name, value in self._constant.items():
            made[name] = pa.repeat(pa.scalar(value), count)
        made["id"] = ids
        none = ((field.name, field.type) for field in record_schema() if field.name not in made)
        made.update((name, pa.nulls(count, type_)) for name, type_ in none)
        return pa.Table.from_arrays(
            [made[name] for name in record_schema().names], schema=record_schema()
        )

    def _mixed(
        self, batch: Batch, ids: pa.StringArray, table: pa.Table, odd: Bools, subset: str | None
    ) -> Iterator[pa.Table | Drop]:
        """Put what rows of another form give in their places."""
        rows, places = batch.rows(), batch.places()
        records: list[Record] = []
        order: list[int] = []
        at = 0
        for place in [*np.flatnonzero(odd).tolist(), batch.count]:
            usual = range(at, place)
            if usual:
                some = at, place - at
                self._normaliser.take(ids.slice(*some), partial(places.slice, *some))
                order += usual
            if place < batch.count:
                for item in self._normaliser([rows[place]], subset):
                    if isinstance(item, Drop):
                        yield item
                    else:
                        order.append(batch.count + len(records))
                        records.append(item)
            at = place + 1
        if order:
            yield pa.concat_tables([table, to_table(records)]).take(pa.array(order))


def tables_of(
    normaliser: Normaliser, shape: DatasetSpec | Variant, source: LocatedSource
) -> Tables | None:
    """Return what normalises the files of a source in batches; None where each row must be looked at by itself."""
    if (
        shape.adapter is not None
        or shape.rows is not None
        or (isinstance(shape, DatasetSpec) and shape.side)
        or source.source.only
        or source.source.without
        or source.source.fields
        or not batches.readable(shape.reader.format, shape.reader.options)
    ):
        return None
    parts = parts_of(normaliser.spec, normaliser.mapper)
    return None if parts is None else Tables(normaliser, parts)


def read_batches(
    shape: DatasetSpec | Variant, members: Sequence[Member], cut: Cut | None = None
) -> Iterator[Batch]:
    """Yield the rows of files, or of a slice of one, in batches."""
    return batches.read(shape.reader.format, members, cut, shape.reader.options)
