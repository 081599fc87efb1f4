"""Planted duplicates: 1,000 equal, 1,000 with 2-8 % of the words edited, 1,000 distinct, in both languages."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from taiyi_corpus import paths
from taiyi_corpus.curate.near import exact_duplicates, near_duplicates
from taiyi_corpus.curate.sketch import sketches
from taiyi_corpus.spec.curation import Duplicates
from taiyi_corpus.spec.recipe import find_recipe

EACH = 1000
LANGUAGES = {
    "en": ([f"{a}{b}" for a in "abcdefghijklmnopqrst" for b in range(400)], " "),
    "zh": ([chr(code) for code in range(0x4E00, 0x4E00 + 3000)], ""),
}


def edited(
    words: Sequence[str], rate: float, vocabulary: Sequence[str], draw: random.Random
) -> list[str]:
    """Words of which a share is replaced, left out, or followed by another."""
    made = list(words)
    for at in sorted(draw.sample(range(len(made)), max(1, round(len(made) * rate))), reverse=True):
        kind = draw.random()
        if kind < 0.6:
            made[at] = draw.choice(vocabulary)
        elif kind < 0.8:
            del made[at]
        else:
            made.insert(at, draw.choice(vocabulary))
    return made


def planted(language: str) -> list[str]:
    """Originals of the equal, of the edited, distinct ones; then the equal, the edited. Some phrases are common."""
    vocabulary, join = LANGUAGES[language]
    draw = random.Random(f"planted {language}")
    phrases = [[draw.choice(vocabulary) for _ in range(8)] for _ in range(20)]
    originals = []
    for _ in range(3 * EACH):
        words = [draw.choice(vocabulary) for _ in range(draw.randint(30, 250))]
        at = draw.randrange(len(words))
        originals.append(words[:at] + draw.choice(phrases) + words[at:])
    equal = originals[:EACH]
    near = [
        edited(words, draw.uniform(0.02, 0.08), vocabulary, draw)
        for words in originals[EACH : 2 * EACH]
    ]
    return [join.join(words) for words in [*originals, *equal, *near]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", [0, 1])
def test_planted_duplicates_are_found_and_nothing_else(language: str, seed: int) -> None:
    settings: Duplicates = find_recipe("stage2", paths.registry_dirs()).curate.duplicates
    assert settings.near is not None
    texts = planted(language)
    wholes, found = sketches(texts, settings.shingle, settings.least)
    rank = (
        np.arange(len(texts)) if not seed else np.random.default_rng(seed).permutation(len(texts))
    )
    equal = exact_duplicates(wholes, rank)
    spaces = np.where(equal < 0, np.uint64(1), np.uint64(0))
    near = near_duplicates(found, spaces, rank, settings.near)
    twin = np.full(len(texts), -1)
    twin[:EACH], twin[3 * EACH : 4 * EACH] = np.arange(3 * EACH, 4 * EACH), np.arange(EACH)
    twin[EACH : 2 * EACH], twin[4 * EACH :] = (
        np.arange(4 * EACH, 5 * EACH),
        np.arange(EACH, 2 * EACH),
    )
    hit = (near >= 0) & (near == twin)
    recall, precision = hit.sum() / EACH, hit.sum() / (near >= 0).sum()
    exact_hit = (equal >= 0) & (equal == twin)
    counts = f"near recall {recall:.3f}, precision {precision:.3f}"
    print(f"{language}: equal {exact_hit.sum() / EACH:.3f}, {counts}")  # noqa: T201
    assert exact_hit.sum() == (equal >= 0).sum() == EACH
    assert recall >= 0.95
    assert precision >= 0.98
