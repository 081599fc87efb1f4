"""What curating gives of one part, and where it is kept.

All that is compared over parts are 64-bit hashes and sketches, never texts.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from taiyi_corpus import kept, remote
from taiyi_corpus.curate.grams import I64, U64
from taiyi_corpus.curate.scores import Scores
from taiyi_corpus.curate.sketch import Sketches
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record


class Arrays(Struct, frozen=True):
    """What is known of the records of a part by hash; of what lies on disk, one array at a time is read."""

    keys: U64  # of `unique_by`; empty where the dataset has none
    ids: U64  # of the record's id
    units: U64  # equal: the same record; 0: nothing to compare
    crossed: U64  # of documents: equal in two datasets: the same text for the same tasks and labels
    spaces: U64  # only records of one space can be near duplicates; 0: of none
    texts: U64  # of the text alone
    words: I64  # of that text
    documents: U64  # of the document's name; 0: none
    labels: U64  # of the one label; 0: none, or several
    sketches: Sketches  # rows are empty where no near duplicates are looked for
    links: U64  # pairs of names of one document
    scores: Scores  # one column for each of `scores.SCORES`; no rows where the recipe asks for none


class Curated(Struct):
    """What stays of a part: a mask over its rows, the drops, and where the hashes of its records are."""

    part: Part  # the part to go on with: a repaired copy, where something was repaired
    keep: npt.NDArray[np.bool_]
    known: Arrays | str  # or the file that holds them
    drops: list[Drop]
    repairs: list[Drop]  # texts that were changed in records that stay
    leaks: dict[str, int]  # benchmark -> records dropped

    def array(self, name: str) -> npt.NDArray[Any]:
        """Return one of the arrays; it is not held on to if it lies on disk."""
        return array_of(self.known, name)


def array_of(known: Arrays | str, name: str) -> npt.NDArray[Any]:
    """Return one of the arrays of a part; it is not held on to if it lies on disk."""
    if isinstance(known, Arrays):
        found: npt.NDArray[Any] = getattr(known, name)
        return found
    with (
        zipfile.ZipFile(remote.fetched(Path(known))) as packed,
        packed.open(f"{name}.npy") as file,
    ):
        found = np.load(file)
    return found


class Batch(Struct, frozen=True):
    """A curated part and where it belongs."""

    dataset: str
    curated: Curated


class _Rest(Struct):
    path: str | None  # name of the repaired part; null: nothing was repaired
    hash: str  # of that part
    drops: list[Drop]
    repairs: list[Drop]
    leaks: dict[str, int]


def load(place: Path, part: Part) -> Curated | None:
    """Return what was kept of a part, None if nothing was or it is damaged."""
    data, packed = kept.read(place / "index"), kept.read(place / "arrays")
    if data is None or packed is None:
        return None
    rest = msgspec.json.decode(data, type=_Rest)
    own = part
    if rest.path is not None:
        own = Part(str(place / rest.path), part.split, part.rows, rest.hash)
        if kept.file_hash(place / rest.path) != rest.hash:
            return None
    with np.load(io.BytesIO(packed)) as arrays:
        mask = arrays["keep"]
    return Curated(own, mask, str(place / "arrays"), rest.drops, rest.repairs, rest.leaks)


def keep(place: Path, result: Curated, part: Part) -> Curated:
    """Keep a result, and return it with its arrays on disk; `part` is the one that was curated."""
    packed = io.BytesIO()
    names = Arrays.__struct_fields__
    np.savez(packed, keep=result.keep, **{name: result.array(name) for name in names})
    kept.write(place / "arrays", packed.getvalue())
    own = result.part
    name, hash_ = (None, "") if own.path == part.path else (Path(own.path).name, own.hash)
    rest = _Rest(name, hash_, result.drops, result.repairs, result.leaks)
    kept.write(place / "index", msgspec.json.encode(rest))
    return replace(result, known=str(place / "arrays"))


def records_of(part: Part, rows: npt.NDArray[np.int64]) -> list[Record]:
    """Return some records of a part."""
    return from_table(read_part(part.path).take(pa.array(rows)))


def ids_of(part: Part, rows: npt.NDArray[np.int64]) -> list[str]:
    """Return the record ids of some rows of a part."""
    column: pa.ChunkedArray = read_part(part.path, ["id"]).column("id")
    found: list[str] = column.take(pa.array(rows)).to_pylist()
    return found
