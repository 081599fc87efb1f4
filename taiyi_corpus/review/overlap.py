"""Which datasets have documents in common: by the identity that the sources state, and by their sentences.

Two corpora over one abstract share its identity where both state it; where one counts abstracts and the other
sentences, or one gives no identity, they share sentences. A sentence counts by its letters and digits alone, so that
tokenised and running text are the same; short ones, which recur by themselves, are passed over. This reports; what
is to be done about it is for recipes to say.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from taiyi_corpus.review.open import records, stored
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.registry import Registry

SHORTEST = 40  # letters and digits: "no significant difference was found" recurs by itself, longer ones hardly do
_BOUND = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_NO_WORD = re.compile(r"[\W_]+")
_TEXTS = ("text", "context", "text_a", "text_b", "question", "source")

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Content:
    """What a dataset is made of, as sorted 64-bit hashes."""

    documents: Keys
    sentences: Keys


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two datasets have in common, and how much of that each of them has."""

    first: str
    second: str
    documents: int  # by identity
    of_documents: tuple[int, int]  # of the first and the second
    sentences: int
    of_sentences: tuple[int, int]


def overlaps(
    registry: Registry, ids: Sequence[str], data: Path, *, samples: bool = False
) -> list[Overlap]:
    """Return every pair of datasets that share a document or a sentence, the largest share first.

    Raises:
        MissingDataError: nothing of a dataset is there.
    """
    found = {id_: content(records(stored(registry, id_, data, samples=samples)[1])) for id_ in ids}
    pairs = (_overlap(a, b, found[a], found[b]) for a, b in combinations(found, 2))
    shared = [pair for pair in pairs if pair.documents or pair.sentences]
    return sorted(shared, key=lambda pair: (-share(pair), pair.first, pair.second))


def share(pair: Overlap) -> float:
    """Return how much of the smaller dataset lies in the other, by documents or by sentences."""
    counted = (
        (pair.documents, min(pair.of_documents)),
        (pair.sentences, min(pair.of_sentences)),
    )
    return max(part / whole if whole else 0.0 for part, whole in counted)


def content(found: Iterable[Record]) -> Content:
    """Return what records are made of."""
    documents, sentences = array("Q"), array("Q")
    for record in found:
        if record.document_id is not None:
            documents.append(_key(f"{record.document_ns}:{record.document_id}"))
        sentences.extend(_key(sentence) for sentence in _sentences(record))
    return Content(_sorted(documents), _sorted(sentences))


def _sentences(record: Record) -> Iterator[str]:
    texts: list[Any] = [getattr(record, name) for name in _TEXTS]
    texts += [turn.text for turn in record.turns or []]
    for text in texts:
        for sentence in _BOUND.split(text or ""):
            squeezed = _NO_WORD.sub("", sentence).lower()
            if len(squeezed) >= SHORTEST:
                yield squeezed


def _key(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode())


def _sorted(keys: array[int]) -> Keys:
    return np.unique(np.frombuffer(keys, dtype=np.uint64))


def _overlap(first: str, second: str, a: Content, b: Content) -> Overlap:
    def common(x: Keys, y: Keys) -> int:
        return len(np.intersect1d(x, y, assume_unique=True))

    return Overlap(
        first,
        second,
        common(a.documents, b.documents),
        (len(a.documents), len(b.documents)),
        common(a.sentences, b.sentences),
        (len(a.sentences), len(b.sentences)),
    )
