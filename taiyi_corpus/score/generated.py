"""Free text against free text: ROUGE and BLEU by the libraries of the extra `[score]`, and exact match by none.

English is compared by words, Chinese by characters.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np

from taiyi_corpus.score.measure import Measure, Sums, mean

_ORDERS = 4
_MISSING = 'ROUGE and BLEU need `pip install "taiyi-corpus[score]"`'


class _Characters:
    """Cuts a text into characters, words of Latin letters and digits whole."""

    def tokenize(self, text: str) -> list[str]:
        tokens: list[str] = []
        glued = False
        for sign in text.lower():
            plain = sign.isascii() and sign.isalnum()
            if plain and glued:
                tokens[-1] += sign
            elif not sign.isspace():
                tokens.append(sign)
            glued = plain
        return tokens


def installed() -> bool:
    """Tell whether the libraries are there."""
    return all(importlib.util.find_spec(name) for name in ("rouge_score", "sacrebleu"))


def measures(found: Sequence[str], gold: Sequence[str], language: str) -> tuple[list[Measure], str]:
    """Return the measures of texts against texts, and what to say if a library is missing."""
    same = [(float(a.strip() == b.strip() != ""), 1.0) for a, b in zip(found, gold, strict=True)]
    made = [Measure("exact_match", same, mean, "no rows")]
    if not installed():
        return made, _MISSING
    return [*made, *_rouge(found, gold, language), _bleu(found, gold, language)], ""


def _rouge(found: Sequence[str], gold: Sequence[str], language: str) -> list[Measure]:
    from rouge_score.rouge_scorer import RougeScorer
    from rouge_score.tokenizers import DefaultTokenizer

    names = ("rouge1", "rouge2", "rougeL")
    # The library's own tokens are ASCII letters and digits alone, which leaves nothing of a Chinese text.
    tokens = _Characters() if language == "zh" else DefaultTokenizer(False)
    scorer = RougeScorer(list(names), tokenizer=tokens)
    scores = [scorer.score(b, a) for a, b in zip(found, gold, strict=True)]
    made = []
    for name in names:
        least = 2 if name == "rouge2" else 1
        # A gold without such a piece ("yes" has no pair of words) says nothing about it.
        table = [
            (one[name].fmeasure, 1.0) if len(tokens.tokenize(text)) >= least else (0.0, 0.0)
            for one, text in zip(scores, gold, strict=True)
        ]
        made.append(Measure(name.lower(), table, mean, f"no gold has what {name} counts"))
    return made


def _bleu(found: Sequence[str], gold: Sequence[str], language: str) -> Measure:
    from sacrebleu.metrics.bleu import BLEU

    bleu = BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    table = []
    for text, reference in zip(found, gold, strict=True):
        one: Any = bleu.sentence_score(text, [reference])
        table.append([*one.counts, *one.totals, one.sys_len, one.ref_len])

    def rate(sums: Sums) -> Sums:
        return np.array([_score(BLEU, line) for line in sums])

    return Measure("bleu", table, rate, "no words to compare")


def _score(bleu: Any, line: Sums) -> float:
    counts, totals = line[:_ORDERS], line[_ORDERS : 2 * _ORDERS]
    found, gold = line[2 * _ORDERS :]
    if not gold:
        return float("nan")
    made = bleu.compute_bleu(
        [int(n) for n in counts], [int(n) for n in totals], int(found), int(gold),
        smooth_method="exp", effective_order=True,
    )  # fmt: skip
    return float(made.score)
