"""One split of one dataset: from its members to records and drops."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import pyarrow as pa

from taiyi_corpus.adapters import Side, adapter
from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise import reshape
from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.normalise.stream import Normaliser, Tally
from taiyi_corpus.normalise.tables import read_batches, tables_of
from taiyi_corpus.readers import PASSING, BadRow, Row, reader
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, LocatedSource, form
from taiyi_corpus.sources.member import Member
from taiyi_corpus.spec.dataset import DatasetSpec, IdList, ReaderSpec, SideTable, Variant

Origin = Literal["raw", "sample"]


def read_split(
    located: Located,
    split: Split,
    origin: Origin,
    watch: Callable[[Row | BadRow], None] | None = None,
) -> Iterator[Record | Drop | Tally]:
    """Yield the records and drops of a split, and last the tally of its counts.

    Args:
        watch: called with each row before it is mapped; what is yielded until the next call comes of that row.

    Raises:
        SourceError: a file cannot be read as its format says.
    """
    spec, shape = located.spec, form(located)
    normaliser = Normaliser(spec, shape, split, origin)
    side = {
        name: list(_good(read_rows(table.reader, located.side[name])))
        for name, table in side_tables(spec, shape).items()
    }
    for source in located.splits.get(split, []):
        wanted = keys_wanted(source, shape.reader.format)
        found = read_rows(shape.reader, source.members, wanted)
        rows = adapted_rows(found, source, shape, side, normaliser.tally)
        if watch is not None:
            rows = _watched(rows, watch)
        yield from normaliser(rows, source.source.subset)
    yield normaliser.finish()


def read_tables(
    located: Located, split: Split, origin: Origin
) -> Iterator[pa.Table | Record | Drop | Tally]:
    """Yield what `read_split` yields, records as tables where whole batches of rows can be made into them.

    Raises:
        SourceError: a file cannot be read as its format says.
        IdTaken: two records state one id; only `read_split` tells what becomes of them.
    """
    shape = form(located)
    normaliser = Normaliser(located.spec, shape, split, origin)
    sources = located.splits.get(split, [])
    for source in sources:
        if tables_of(normaliser, shape, source) is None:
            yield from read_split(located, split, origin)
            return
    for source in sources:
        if (tables := tables_of(normaliser, shape, source)) is not None:
            yield from tables(read_batches(shape, source.members), source.source.subset)
    yield normaliser.finish()


def _watched(
    rows: Iterable[Row | BadRow], watch: Callable[[Row | BadRow], None]
) -> Iterator[Row | BadRow]:
    for row in rows:
        watch(row)
        yield row


def read_rows(
    spec: ReaderSpec, members: list[Member], wanted: Callable[[str], bool] | None = None
) -> Iterator[Row | BadRow]:
    """Yield the rows a reader finds in members; nothing for no member.

    Args:
        wanted: which keys are, for a reader that passes over others.
    """
    if not members:
        return iter(())
    return reader(spec.format)(members, *([wanted] if wanted else []), **spec.options)


def keys_wanted(source: LocatedSource, format: str) -> Callable[[str], bool] | None:
    """Return which keys a list of a source wants, where the reader can pass over the others before it parses them."""
    spec = source.source.only
    if format not in PASSING or spec is None or spec.key != "key":
        return None
    return _listed(spec, source.only).__contains__


def side_tables(spec: DatasetSpec, shape: DatasetSpec | Variant) -> dict[str, SideTable]:
    """Return the tables that are read beside the rows."""
    # Side tables are stated for the main form; a variant has them where an adapter reads them.
    return spec.side if shape is spec or shape.adapter else {}


def _good(rows: Iterable[Row | BadRow]) -> Iterator[Row]:
    """Yield the rows of a side table; a broken one there would be lost to its main row, so it is an error."""
    for row in rows:
        if isinstance(row, BadRow):
            raise SourceError(
                Fault(row.where, row.wanted, row.found, "A side table must be whole.")
            )
        yield row


def adapted_rows(
    found: Iterator[Row | BadRow],
    source: LocatedSource,
    shape: DatasetSpec | Variant,
    side: Side,
    tally: Tally,
) -> Iterator[Row | BadRow]:
    """Yield the rows that were found in one source: chosen by id list, counted, adapted, joined, cut."""
    broken: list[BadRow] = []
    wanted = _id_filter(source)

    def good() -> Iterator[Row]:
        for row in found:
            if not wanted(row):
                continue
            tally.rows += 1
            if isinstance(row, BadRow):
                broken.append(row)
                continue
            row.data.update(source.source.fields)
            yield row

    rows = _adapted(shape.adapter, good(), side) if shape.adapter else good()
    if isinstance(shape, DatasetSpec):
        rows = reshape.join(rows, shape.side, side)
    if shape.rows is not None:
        rows = reshape.cut(rows, shape.rows)
    for row in rows:
        yield from _emptied(broken)
        yield row
    yield from _emptied(broken)


def _adapted(name: str, rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Yield what an adapter makes of rows; one it trips over is a fault of the file, named by its place."""
    last = ["the first row"]

    def watched() -> Iterator[Row]:
        for row in rows:
            last[0] = row.where
            yield row

    try:
        yield from adapter(name)(watched(), side)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        wanted = f"a row that the adapter {name!r} can reshape"
        raise SourceError(Fault(last[0], wanted, f"{type(error).__name__}: {error}")) from error


def _emptied(broken: list[BadRow]) -> list[BadRow]:
    rows = broken[:]
    broken.clear()
    return rows


Wanted = Callable[[Row | BadRow], bool]


def _id_filter(source: LocatedSource) -> Wanted:
    tests: list[Wanted] = []
    if source.source.only:
        tests.append(_membership(source.source.only, source.only, inside=True))
    if source.source.without:
        tests.append(_membership(source.source.without, source.without, inside=False))
    return lambda row: all(test(row) for test in tests)


def _membership(spec: IdList, member: Member | None, *, inside: bool) -> Wanted:
    ids = _listed(spec, member)
    get = getter(spec.key)

    def test(row: Row | BadRow) -> bool:
        if isinstance(row, Row):
            key = row.key if spec.key == "key" else text_of(get(row.data))
        elif spec.key == "key" and row.key is not None:
            key = row.key
        else:
            return True  # a broken row that does not say where it belongs is missed by every split
        return (key in ids) is inside

    return test


def _listed(spec: IdList, member: Member | None) -> frozenset[str]:
    return frozenset([*spec.keys, *(_ids(spec, member) if member else [])])


def _ids(spec: IdList, member: Member) -> list[str]:
    with member.open() as file:
        raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
        found = getter(spec.path)(json.loads(text)) if spec.format == "json" else None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError
        wanted = "a JSON file of ids" if spec.format == "json" else "ids in UTF-8"
        raise SourceError(Fault(member.path, wanted, str(error))) from None
    if spec.format == "json":
        if not isinstance(found, (list, dict)):
            wanted, what = f"a list of ids at {spec.path!r}", type(found).__name__
            raise SourceError(Fault(member.path, wanted, what))
        return [str(item) for item in found]
    parts = text.splitlines() if spec.format == "lines" else text.split(",")
    return [part.strip() for part in parts if part.strip()]
