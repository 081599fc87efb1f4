"""Scores of records that need no model: what a recipe may choose by (`where`)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from taiyi_corpus.curate import compared
from taiyi_corpus.curate.grams import HAN, Tokens, batches, tokenise
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.curation import Score, Where
from taiyi_corpus.spec.dataset import DatasetSpec

F64 = npt.NDArray[np.float64]
SCORES: tuple[Score, ...] = Score.__args__  # type: ignore[attr-defined]


def scored(records: Sequence[Record]) -> dict[Score, F64]:
    """Return every score of records; NaN where a record has none.

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
    asked_words, answer_words, overlap = _of_answers(asked, given)
    answered = (asked_words > 0) & (answer_words > 0)
    return {
        "characters": np.array([len(text) for text in texts], dtype=np.float64),
        "words": words,
        "type_token": type_token,
        "chinese": chinese,
        "overlap": np.where(answered, overlap, np.nan),
        "answer_words": np.where(answer_words > 0, answer_words, np.nan),
        "label_surprise": _surprise(records),
    }


def scores(
    records: Sequence[Record], spec: DatasetSpec, where: Sequence[Where]
) -> Iterator[tuple[int, str]]:
    """Yield (row, detail) of every record outside bounds; a score it does not have bounds nothing."""
    mine = [
        one for one in where
        if (not one.datasets or spec.id in one.datasets) and (not one.tasks or set(one.tasks) & set(spec.tasks))
    ]  # fmt: skip
    if not mine or not records:
        return
    values = scored(records)
    for one in mine:
        value = values[one.score]
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


def _distinct(tokens: Tokens) -> npt.NDArray[np.int64]:
    owner = np.repeat(np.arange(len(tokens.bounds) - 1), tokens.sizes())
    order = np.lexsort((tokens.hashes, owner))
    hashes, owner = tokens.hashes[order], owner[order]
    first = np.ones(len(hashes), dtype=np.bool_)
    first[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    return np.bincount(owner[first], minlength=len(tokens.bounds) - 1)


def _of_answers(asked: Sequence[str], given: Sequence[str]) -> tuple[F64, F64, F64]:
    asked_words, answer_words, overlap = (
        np.zeros(len(asked)),
        np.zeros(len(asked)),
        np.zeros(len(asked)),
    )
    for piece in batches([a + b for a, b in zip(asked, given, strict=True)]):
        question, answer = tokenise(asked[piece]).words(), tokenise(given[piece]).words()
        asked_words[piece], answer_words[piece] = question.sizes(), answer.sizes()
        for row in range(piece.stop - piece.start):
            said = answer.hashes[answer.bounds[row] : answer.bounds[row + 1]]
            if len(said):
                there = question.hashes[question.bounds[row] : question.bounds[row + 1]]
                overlap[piece.start + row] = np.isin(said, there).mean()
    return asked_words, answer_words, overlap


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
