"""The slices of a dataset put together: what only all of them show is records that have one id.

The rule is that of a reading in one go: the first record of an id keeps it, the same record again is dropped, another
one gets a number. Ids are compared by 64-bit hashes; records of one id are read again to compare what they say, and
only files with such a record are written anew.
"""

from __future__ import annotations

import heapq
import os
import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from taiyi_corpus import kept, remote
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.drops import drop_writer
from taiyi_corpus.normalise.parts import DROPS, Made, part_name, write_part
from taiyi_corpus.normalise.stream import Tally, content_of, id_hash
from taiyi_corpus.schema.arrow import from_table, record_schema
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located

U64 = npt.NDArray[np.uint64]
IDS, WHERE, SLICED = "ids.npy", "where.parquet", "sliced"


class Sliced(msgspec.Struct, frozen=True):
    """What was made of one slice: its parts as (file name, rows), its counts, the hashes of its files."""

    split: Split
    parts: list[tuple[str, int]]
    tally: Tally
    files: dict[str, str]


class _Slice:
    """A slice on disk."""

    def __init__(self, folder: Path) -> None:
        data = kept.read(folder / SLICED)
        if data is None:
            raise OSError(f"{folder} went missing during the build")
        self.folder, self.made = folder, msgspec.json.decode(data, type=Sliced)
        for name in self.made.files:
            remote.fetched(folder / name)
        self.ids: U64 = np.load(folder / IDS)

    def places(self, rows: list[int]) -> list[str]:
        """Return where in the sources some records come from."""
        column = pq.read_table(self.folder / WHERE).column("where")
        found: list[str] = column.take(pa.array(rows, pa.int64())).to_pylist()
        return found

    def loses_annotations(self) -> bool:
        """Return whether an annotation was left out of a record."""
        units = pq.read_table(self.folder / DROPS, columns=["unit"]).column("unit")
        return bool(pc.any(pc.equal(units, "annotation")).as_py())


def join(folders: Sequence[str], located: Located, target: Path) -> Made | None:
    """Put slices together in `target`.

    Returns None where they must be read in one go after all: where an annotation was left out, and the id of its record
    may change, the ledger could not say whose it was.
    """
    slices = [_Slice(Path(folder)) for folder in folders]
    parts: list[tuple[str, Split, int]] = []
    tallies: dict[Split, Tally] = {}
    with drop_writer(target / DROPS) as drops:
        for split in located.splits:
            mine = [one for one in slices if one.made.split == split]
            tallies[split] = tally = _together([one.made.tally for one in mine])
            files = _Files(
                [(one.folder / name, rows) for one in mine for name, rows in one.made.parts]
            )
            changed = changes(_all([one.ids for one in mine]), files.contents, files.id_of)
            if changed and any(one.loses_annotations() for one in mine):
                return None
            for one in mine:
                drops.add_table(pq.read_table(one.folder / DROPS))
            gone = sorted(at for at, id_ in changed.items() if id_ is None)
            for at, place in zip(gone, _places(mine, gone), strict=True):
                drops.add([Drop("normalise", "record", located.spec.id, split, files.id_of(at),
                                "row_duplicate", f"{place}: read before")])  # fmt: skip
            _count(tally, changed)
            parts += files.place(changed, split, target)
    return Made(parts, tallies)


def changes(
    ids: U64, contents_of: Callable[[list[int]], dict[int, int]], id_of: Callable[[int], str]
) -> dict[int, str | None]:
    """Return what a reading in one go makes of records whose id is taken: position -> its id, None if it is dropped.

    Args:
        ids: hashes of the ids the records state, in order.
        contents_of: gives hashes of all that the records at some positions say.
        id_of: gives the id at a position.
    """
    order = np.argsort(ids, kind="stable")
    known = ids[order]
    again = np.flatnonzero(known[1:] == known[:-1]) + 1
    waiting = np.sort(order[again]).tolist()
    contents = contents_of(np.sort(order[np.union1d(again, again - 1)]).tolist()) if waiting else {}
    made: dict[int, str | None] = {}
    given: dict[int, int] = {}  # hash of an id that was given anew -> content

    def taken(key: int, at: int) -> int | None:
        """Return the content of the record before `at` that has an id."""
        if key in given:
            return given[key]
        place = int(np.searchsorted(known, np.uint64(key)))
        if place < len(known) and int(known[place]) == key and int(order[place]) < at:
            return content(int(order[place]))
        return None

    def content(at: int) -> int:
        if at not in contents:  # a record that states an id made up for another
            contents.update(contents_of([at]))
        return contents[at]

    while waiting:
        at = heapq.heappop(waiting)
        if at in made:
            continue
        mine, stated, number = content(at), id_of(at), 1
        id_, key = stated, id_hash(stated)
        while (other := taken(key, at)) is not None and other != mine:
            number += 1
            id_ = f"{stated}-{number}"
            key = id_hash(id_)
        if other == mine:
            made[at] = None
            continue
        made[at] = id_
        given[key] = mine
        # A later record may state the id that was just made up.
        place = int(np.searchsorted(known, np.uint64(key)))
        if place < len(known) and int(known[place]) == key and int(order[place]) > at:
            heapq.heappush(waiting, int(order[place]))
    return made


class _Files:
    """The parts of a split in the folders of its slices."""

    def __init__(self, files: list[tuple[Path, int]]) -> None:
        self._files = files
        self._ends = list(accumulate(rows for _, rows in files))
        self._ids: tuple[int, pa.ChunkedArray] | None = None

    def _starts(self) -> list[int]:
        return [end - rows for end, (_, rows) in zip(self._ends, self._files, strict=True)]

    def id_of(self, at: int) -> str:
        """Return the id of a record."""
        number = bisect_right(self._ends, at)
        if self._ids is None or self._ids[0] != number:
            column = pq.read_table(self._files[number][0], columns=["id"]).column("id")
            self._ids = number, column
        found: str = self._ids[1][at - self._starts()[number]].as_py()
        return found

    def contents(self, rows: list[int]) -> dict[int, int]:
        """Return the hashes of all that some records say; `rows` ascend."""
        found: dict[int, int] = {}
        at = 0
        for (path, _), start, end in zip(self._files, self._starts(), self._ends, strict=True):
            stop = bisect_left(rows, end)
            if stop > at:
                here = rows[at:stop]
                table = pq.read_table(path, schema=record_schema())
                records = from_table(table.take(pa.array([row - start for row in here])))
                found.update(zip(here, map(content_of, records), strict=True))
            at = stop
        return found

    def place(
        self, changed: dict[int, str | None], split: Split, target: Path
    ) -> list[tuple[str, Split, int]]:
        """Put the parts into a folder under new names, changed where they must be."""
        made: list[tuple[str, Split, int]] = []
        for (path, rows), start in zip(self._files, self._starts(), strict=True):
            here = {at - start: id_ for at, id_ in changed.items() if start <= at < start + rows}
            name = part_name(split, len(made))
            if not here:
                _link(path, target / name)
                made.append((name, split, rows))
                continue
            table = pq.read_table(path)
            ids = table.column("id").to_pylist()
            for row, id_ in here.items():
                ids[row] = id_
            column = table.schema.get_field_index("id")
            table = table.set_column(column, table.schema.field(column), pa.array(ids, pa.string()))
            table = table.filter(pc.is_valid(table.column("id")))
            if table.num_rows:
                write_part(table, target / name)
                made.append((name, split, table.num_rows))
        return made


def _places(slices: Sequence[_Slice], rows: Sequence[int]) -> Iterator[str]:
    """Yield where in the sources some records of a split come from; `rows` ascend."""
    end, at = 0, 0
    for one in slices:
        start, end = end, end + len(one.ids)
        stop = bisect_left(rows, end)
        if stop > at:
            yield from one.places([row - start for row in rows[at:stop]])
        at = stop


def _all(arrays: Sequence[U64]) -> U64:
    return np.concatenate([np.empty(0, np.uint64), *arrays])


def _together(tallies: Sequence[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        for name in ("rows", "bad_rows", "records", "dropped"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        for fault, count in one.faults.items():
            total.faults[fault] = total.faults.get(fault, 0) + count
    total.faults = dict(sorted(total.faults.items()))
    return total


def _count(tally: Tally, changed: dict[int, str | None]) -> None:
    dropped = sum(id_ is None for id_ in changed.values())
    for fault, count in (("row_duplicate", dropped), ("key_repeated", len(changed) - dropped)):
        if count:
            tally.faults[fault] = tally.faults.get(fault, 0) + count
    tally.records -= dropped
    tally.dropped += dropped
    tally.faults = dict(sorted(tally.faults.items()))


def _link(path: Path, target: Path) -> None:
    """Give a file a second name; where the file system has none, copy it."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
