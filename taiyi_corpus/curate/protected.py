"""What must not leak into a mix: document ids, whole texts and n-grams of protected texts, as sorted 64-bit hashes.

An index lies in a folder of its own, named by its content, so that processes map it into memory instead of sending it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from taiyi_corpus import kept, remote
from taiyi_corpus.curate import compared
from taiyi_corpus.curate.crossrefs import links
from taiyi_corpus.curate.grams import U64, batches, tokenise
from taiyi_corpus.curate.sieve import Sieve
from taiyi_corpus.schema.record import Record

INDEX = "index"
KINDS = ("document", "text", "grams_en", "grams_zh")
I32 = npt.NDArray[np.int32]


class Lengths(msgspec.Struct, frozen=True):
    """Length of the n-grams looked for: words in English, characters in Chinese."""

    en: int = 13
    zh: int = 20
    common: int = (
        10  # an n-gram that more things of one source have is a common phrase and protects nothing
    )


class Protected(msgspec.Struct, frozen=True):
    """One protected thing: the texts of a record or of a line of a file."""

    source: int  # place in `sources` of its index
    id: str  # of the record, or "file:line"


class Item(msgspec.Struct):
    """What is protected of one thing."""

    id: str
    documents: list[str]
    wholes: list[str]
    stretches: list[str]


def item_of(record: Record) -> Item:
    """Return what is protected of a record."""
    asked = [
        record.text,
        compared.question_of(record),
        record.context,
        record.source,
        record.text_a,
        record.text_b,
    ]
    stretches = [text for text in (*asked, *(turn.text for turn in record.turns or [])) if text]
    return Item(record.id, compared.documents(record), compared.wholes(record), stretches)


class Index(msgspec.Struct):
    """Sorted hashes, and for each the protected thing it is from (the first of several of one source)."""

    sources: list[str]  # benchmark ids and files
    items: list[Protected]
    hashes: dict[str, U64]
    owners: dict[str, I32]
    lengths: Lengths
    links: U64  # pairs of names of one document
    sieves: dict[str, Sieve] = {}  # of `hashes`, as they are asked for

    def sieve(self, kind: str) -> Sieve:
        """Return what tells quickly which values are among the hashes of a kind."""
        if kind not in self.sieves:
            self.sieves[kind] = Sieve(self.hashes[kind])
        return self.sieves[kind]

    def owners_of(self, kind: str, value: int) -> list[Protected]:
        """Return the protected things with a hash, one of each source."""
        low, high = np.searchsorted(self.hashes[kind], np.uint64(value), "left"), np.searchsorted(
            self.hashes[kind], np.uint64(value), "right")  # fmt: skip
        return [self.items[owner] for owner in self.owners[kind][low:high]]


def index_of(sources: Sequence[tuple[str, Iterable[Item]]], lengths: Lengths) -> Index:
    """Return the index of named sources."""
    items: list[Protected] = []
    found: dict[str, list[U64]] = {kind: [] for kind in KINDS}
    owners: dict[str, list[I32]] = {kind: [] for kind in KINDS}
    named: list[list[str]] = []

    def add(kind: str, hashes: U64, owner: I32) -> None:
        found[kind].append(hashes)
        owners[kind].append(owner.astype(np.int32))

    for number, (_, things) in enumerate(sources):
        first = len(items)
        documents, wholes, stretches = _Column(), _Column(), _Column()
        for thing in sorted(things, key=lambda thing: thing.id):
            place = len(items)
            items.append(Protected(number, thing.id))
            documents.extend(thing.documents, place)
            named.append(thing.documents)
            wholes.extend(thing.wholes, place)
            stretches.extend(thing.stretches, place)
        if len(items) == first:
            continue
        add(
            "document",
            np.array([compared.document_hash(n) for n in documents.texts], dtype=np.uint64),
            documents.owner(),
        )
        for piece in batches(wholes.texts):
            tokens = tokenise(wholes.texts[piece]).words()
            add("text", tokens.wholes(), wholes.owner()[piece])
        for piece in batches(stretches.texts):
            tokens = tokenise(stretches.texts[piece]).words()
            owner, chinese = stretches.owner()[piece], tokens.chinese()
            for kind, n, mine in (
                ("grams_en", lengths.en, ~chinese),
                ("grams_zh", lengths.zh, chinese),
            ):
                hashes, _, bounds = tokens.grams(n)
                sizes = np.diff(bounds)
                keep = np.repeat(mine, sizes)
                add(kind, hashes[keep], np.repeat(owner, sizes)[keep])
    index = Index([name for name, _ in sources], items, {}, {}, lengths, links(named))
    which = np.array([item.source for item in items], dtype=np.int32)
    for kind in KINDS:
        hashes = np.concatenate([np.empty(0, np.uint64), *found[kind]])
        owner = np.concatenate([np.empty(0, np.int32), *owners[kind]])
        most = lengths.common if kind.startswith("grams") else len(items)
        index.hashes[kind], index.owners[kind] = _sorted(hashes, owner, which, most)
    return index


class _Column:
    """Texts, and the thing each belongs to."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._owner: list[int] = []

    def extend(self, texts: Iterable[str], owner: int) -> None:
        before = len(self.texts)
        self.texts += texts
        self._owner += [owner] * (len(self.texts) - before)

    def owner(self) -> I32:
        return np.array(self._owner, dtype=np.int32)


def _sorted(hashes: U64, owner: I32, which: I32, most: int) -> tuple[U64, I32]:
    """Return hashes in order, each once a source, without those that more than `most` things of a source have."""
    keep = hashes != 0  # 0 stands for no text
    hashes, owner = hashes[keep], owner[keep]
    order = np.lexsort((owner, hashes))
    hashes, owner = hashes[order], owner[order]
    once = np.ones(len(hashes), dtype=np.bool_)
    once[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    hashes, owner = hashes[once], owner[once]
    # Owners rise with their source, so the same source lies together below one hash.
    source = which[owner]
    first = np.ones(len(hashes), dtype=np.bool_)
    first[1:] = (hashes[1:] != hashes[:-1]) | (source[1:] != source[:-1])
    starts = np.flatnonzero(first)
    rare = np.diff(np.append(starts, len(hashes))) <= most
    return hashes[starts[rare]], owner[starts[rare]].astype(np.int32)


def save(index: Index, folder: Path) -> None:
    """Write an index to a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[np.generic]] = {"links.npy": index.links}
    for kind in KINDS:
        arrays |= {f"{kind}.npy": index.hashes[kind], f"{kind}.owners.npy": index.owners[kind]}
    for name, array in arrays.items():
        _write(folder / name, array)
    files = {name: kept.file_hash(folder / name) for name in arrays}
    said = _Saved(index.sources, index.items, index.lengths, files)
    kept.write(folder / INDEX, msgspec.json.encode(said))


class _Saved(msgspec.Struct):
    sources: list[str]
    items: list[Protected]
    lengths: Lengths
    files: dict[str, str]  # name -> hash


def is_whole(folder: Path) -> bool:
    """Return whether there is an index in a folder, and nothing of it is damaged."""
    if (data := kept.read(folder / INDEX)) is None:
        return False
    files = msgspec.json.decode(data, type=_Saved).files
    return all(kept.file_hash(folder / name) == hash_ for name, hash_ in files.items())


def _write(path: Path, array: npt.NDArray[np.generic]) -> None:
    with kept.whole(path) as staging, staging.open("wb") as file:
        np.save(file, array)


@functools.lru_cache(maxsize=4)
def load(folder: str) -> Index:
    """Return the index in a folder; its arrays are mapped, not read."""
    path = Path(folder)
    if (data := kept.read(path / INDEX)) is None:
        raise OSError(f"{path / INDEX} went missing during the build")
    said = msgspec.json.decode(data, type=_Saved)
    for name in said.files:
        remote.fetched(path / name)
    hashes = {kind: np.load(path / f"{kind}.npy", mmap_mode="r") for kind in KINDS}
    owners = {kind: np.load(path / f"{kind}.owners.npy", mmap_mode="r") for kind in KINDS}
    return Index(
        said.sources, said.items, hashes, owners, said.lengths, np.load(path / "links.npy")
    )
