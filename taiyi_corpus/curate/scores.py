"""Scores of records that need no model: what a recipe may choose by (`where`)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

import numpy as np
import numpy.typing as npt

from taiyi_corpus.curate import compared
from taiyi_corpus.curate.grams import HAN, I64, U64, Tokens, batches, contains, tokenise
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Score, Where
from taiyi_corpus.spec.dataset import DatasetSpec

F64 = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
_HASH_BITS = np.uint64(44)
SCORES: tuple[Score, ...] = get_args(Score)
NO_SCORES: Scores = np.empty((0, len(SCORES)), np.float32)  # of a recipe that asks for none


def scored(records: Sequence[Record]) -> Scores:
    """Return every score of records, a column for each of `SCORES`; NaN where a record has none.

    `label_surprise` is the mean of -log2 p over a record's labels, p being their share in these records: its mean is
    the entropy of the labels.
    """
    texts = [compared.unit(record) for record in records]
    asked = ["\n".join(part for part in (r.question, r.context, r.source) if part) for r in records]
    given = [
        "\n".join([*(a.text for a in r.answers or []), *([r.target] if r.target else [])])
        for r in records
    ]
    words, type_token, chinese = _of_texts(texts)
    answer_words, overlap = _of_answers(asked, given)
    found: dict[Score, F64] = {
        "characters": np.array([len(text) for text in texts], dtype=np.float64),
        "words": words,
        "type_token": type_token,
        "chinese": chinese,
        "overlap": overlap,
        "answer_words": answer_words,
        "label_surprise": _surprise(records),
    }
    return np.column_stack([found[name] for name in SCORES]).astype(np.float32)


def outside(values: Scores, spec: DatasetSpec, where: Sequence[Where]) -> Iterator[tuple[int, str]]:
    """Yield (row, detail) of every record outside bounds; a score it does not have bounds nothing."""
    for one in where:
        if one.datasets and spec.id not in one.datasets:
            continue
        if one.tasks and not set(one.tasks) & set(spec.tasks):
            continue
        value = values[:, SCORES.index(one.score)]
        low = value < one.min if one.min is not None else np.zeros(len(value), dtype=np.bool_)
        high = value > one.max if one.max is not None else np.zeros(len(value), dtype=np.bool_)
        for row in np.flatnonzero(low | high).tolist():
            yield row, f"{one.score} {value[row]:.4g}"


def _of_texts(texts: Sequence[str]) -> tuple[F64, F64, F64]:
    words, types, han = np.zeros(len(texts)), np.zeros(len(texts)), np.zeros(len(texts))
    for piece in batches(texts):
        tokens = tokenise(texts[piece]).words()
        words[piece] = tokens.sizes()
        types[piece] = _distinct(tokens)
        counted = np.concatenate(([0], np.cumsum(tokens.kind == HAN)))
        han[piece] = np.diff(counted[tokens.bounds])
    with np.errstate(invalid="ignore", divide="ignore"):
        return words, types / words, han / words


def _distinct(tokens: Tokens) -> I64:
    keys = _sorted_keys(tokens)
    first = np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)]
    return np.bincount(_owner(keys[first]), minlength=len(tokens.bounds) - 1)


def _of_answers(asked: Sequence[str], given: Sequence[str]) -> tuple[F64, F64]:
    """Return the words of each answer, and the share of them that stand in what was asked; NaN where one is missing."""
    answer_words, overlap = np.full(len(asked), np.nan), np.full(len(asked), np.nan)
    rows = np.flatnonzero([bool(text) for text in given])
    for piece in batches([asked[row] + given[row] for row in rows]):
        mine = rows[piece]
        question = tokenise([asked[row] for row in mine]).words()
        answer = tokenise([given[row] for row in mine]).words()
        sizes = answer.sizes()
        words = _sorted_keys(answer)
        said = words[contains(words, _sorted_keys(question))]
        there = np.bincount(_owner(said), minlength=len(mine))
        with np.errstate(invalid="ignore", divide="ignore"):
            overlap[mine] = np.where(question.sizes() > 0, there / sizes, np.nan)
        answer_words[mine] = np.where(sizes > 0, sizes, np.nan)
    return answer_words, overlap


def _sorted_keys(tokens: Tokens) -> U64:
    """Return the number of its text (20 bits) and the hash (44 bits) of each token, in order: sorting is all it takes.

    A part has at most 20,000 records, and two words of one text share 44 bits once in ten million texts.
    """
    owners = np.repeat(np.arange(len(tokens.bounds) - 1, dtype=np.uint64), tokens.sizes())
    return np.sort((owners << _HASH_BITS) | (tokens.hashes >> (np.uint64(64) - _HASH_BITS)))


def _owner(keys: U64) -> I64:
    return (keys >> _HASH_BITS).astype(np.int64)


def _surprise(records: Sequence[Record]) -> F64:
    counts = Counter(label for record in records for label in record.labels or [])
    total = sum(counts.values())
    return np.array(
        [
            sum(-math.log2(counts[label] / total) for label in record.labels) / len(record.labels)
            if record.labels
            else math.nan
            for record in records
        ]
    )
