"""Leaks: records that hold what is protected, found by document, by whole text, or by a run of words they share."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from taiyi_corpus.curate import compared
from taiyi_corpus.curate.grams import Tokens, batches, contains, tokenise
from taiyi_corpus.curate.pieces import Laid
from taiyi_corpus.curate.protected import Index
from taiyi_corpus.schema.record import Record

SHOWN = 300  # characters of a matched text that the ledger shows


class Leak(msgspec.Struct, frozen=True):
    """What one thing shares with protected ones."""

    row: int
    reason: str  # leak_document, leak_text or leak_ngram
    sources: list[str]  # benchmarks and files it is shared with
    protected: str  # id of one protected thing
    matched: str  # the document, or the text that is shared

    @property
    def detail(self) -> str:
        """Return the line of the ledger: "benchmarks: protected id: matched text"."""
        return f"{', '.join(self.sources)}: {self.protected}: {self.matched}"


class Suspect(msgspec.Struct):
    """What is looked at of one thing: its documents, texts as wholes, texts that may hold a stretch."""

    documents: list[str]
    wholes: list[str]
    stretches: list[str]


def suspect(record: Record) -> Suspect:
    """Return what is looked at of a record."""
    return Suspect(compared.documents(record), compared.wholes(record), compared.stretches(record))


def find_leaks(suspects: Sequence[Suspect], index: Index) -> list[Leak]:
    """Return one leak for each suspect that has any: the first of document, whole text and n-gram; in order of rows."""
    found: dict[int, Leak] = {}
    for row, one in enumerate(suspects):
        for name in one.documents:
            _note(
                found, row, "leak_document", index, "document", compared.document_hash(name), name
            )
    _by_whole(suspects, index, found)
    _by_gram(suspects, index, found)
    return [found[row] for row in sorted(found)]


def may_leak(some: Laid, words: Tokens, index: Index) -> npt.NDArray[np.bool_]:
    """Return which of some records may hold a protected text or stretch: those have one, and a few others.

    Args:
        words: the tokens of those records without marks.
    """
    found = np.zeros(len(some.records) - 1, dtype=np.bool_)
    found[some.owners[index.sieve("text").places(words.wholes_of(some.wholes))]] = True
    ends = words.bounds[some.records]
    for kind, n in _grams(index):
        if len(index.hashes[kind]):
            # Stretches lie in pieces that follow each other, so theirs are among all windows over a record.
            hits = index.sieve(kind).places(words.windows(n))
            found[np.searchsorted(ends, hits, side="right") - 1] = True
    return found


def may_be_protected(named: Sequence[Sequence[str]], index: Index) -> npt.NDArray[np.bool_]:
    """Return which records are of a protected document, by what names their documents."""
    rows, names = _columns(named)
    hashes = np.array([compared.document_hash(name) for name in names], dtype=np.uint64)
    found = np.zeros(len(named), dtype=np.bool_)
    found[np.array(rows, dtype=np.int64)[index.sieve("document").places(hashes)]] = True
    return found


def _grams(index: Index) -> tuple[tuple[str, int], tuple[str, int]]:
    return ("grams_en", index.lengths.en), ("grams_zh", index.lengths.zh)


def _by_whole(suspects: Sequence[Suspect], index: Index, found: dict[int, Leak]) -> None:
    rows, texts = _columns([one.wholes for one in suspects])
    for piece in batches(texts):
        tokens = tokenise(texts[piece]).words()
        hashes = tokens.wholes()
        for at in np.flatnonzero(contains(hashes, index.hashes["text"])).tolist():
            row, text = rows[piece.start + at], texts[piece.start + at]
            _note(found, row, "leak_text", index, "text", int(hashes[at]), text)


def _by_gram(suspects: Sequence[Suspect], index: Index, found: dict[int, Leak]) -> None:
    rows, texts = _columns([one.stretches for one in suspects])
    for piece in batches(texts):
        tokens = tokenise(texts[piece]).words()
        for kind, n in _grams(index):
            hashes, first, bounds = tokens.grams(n)
            hits = np.flatnonzero(contains(hashes, index.hashes[kind]))
            owner = np.searchsorted(bounds, hits, side="right") - 1
            for at in np.unique(owner).tolist():
                mine = hits[owner == at]
                matched = _run(tokens, first[mine], n)
                for hit in _first_of_each(mine.tolist(), hashes, index, kind):
                    _note(
                        found,
                        rows[piece.start + at],
                        "leak_ngram",
                        index,
                        kind,
                        int(hashes[hit]),
                        matched,
                    )


def _first_of_each(hits: list[int], hashes: np.ndarray[tuple[int], np.dtype[np.uint64]], index: Index,
                   kind: str) -> list[int]:  # fmt: skip
    """Return hits that between them name every source that shares a run with one text."""
    seen: set[int] = set()
    chosen = []
    for hit in hits:
        sources = {owner.source for owner in index.owners_of(kind, int(hashes[hit]))}
        if not sources <= seen:
            seen |= sources
            chosen.append(hit)
    return chosen


def _run(tokens: Tokens, starts: np.ndarray[tuple[int], np.dtype[np.int64]], n: int) -> str:
    """Return the longest stretch that n-grams starting at these tokens cover."""
    gaps = np.flatnonzero(np.diff(starts) > 1)
    first = np.concatenate(([0], gaps + 1))
    last = np.concatenate((gaps, [len(starts) - 1]))
    longest = int(np.argmax(starts[last] - starts[first]))
    return tokens.text(int(starts[first[longest]]), int(starts[last[longest]]) + n)


def _columns(texts: Sequence[Sequence[str]]) -> tuple[list[int], list[str]]:
    rows = [row for row, some in enumerate(texts) for _ in some]
    return rows, [text for some in texts for text in some]


def _note(
    found: dict[int, Leak], row: int, reason: str, index: Index, kind: str, value: int, matched: str
) -> None:
    owners = index.owners_of(kind, value)
    if not owners:
        return
    names = [index.sources[owner.source] for owner in owners]
    if (known := found.get(row)) is not None:
        sources = sorted({*known.sources, *names})
        found[row] = msgspec.structs.replace(known, sources=sources)
        return
    shown = " ".join(matched.split())
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]} ..."
    found[row] = Leak(row, reason, sorted(set(names)), owners[0].id, shown)
