"""How long rows are, against the limits trainers cut at: a cut from the right takes the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

LIMITS = (1_024, 2_048, 4_096)
BIN = 64  # tokens a bin of the histogram


class Lengths(Struct):
    """Rows of one task and language by length in tokens."""

    task: str
    language: str
    rows: int = 0
    tokens: int = 0
    longest: int = 0
    over: list[int] = []  # rows over each of `LIMITS`
    bins: dict[int, int] = {}  # length // BIN -> rows

    def add(self, tokens: int) -> None:
        """Count a row."""
        if not self.over:
            self.over, self.bins = [0] * len(LIMITS), {}
        self.rows += 1
        self.tokens += tokens
        self.longest = max(self.longest, tokens)
        place = tokens // BIN
        self.bins[place] = self.bins.get(place, 0) + 1
        if tokens > LIMITS[0]:
            for number, limit in enumerate(LIMITS):
                self.over[number] += tokens > limit

    def add_many(self, tokens: npt.NDArray[np.int64]) -> None:
        """Count rows."""
        if not len(tokens):
            return
        places, counts = np.unique(tokens // BIN, return_counts=True)
        over = [int((tokens > limit).sum()) for limit in LIMITS]
        bins = dict(zip(places.tolist(), counts.tolist(), strict=True))
        total, longest = int(tokens.sum()), int(tokens.max())
        self.merge(Lengths(self.task, self.language, len(tokens), total, longest, over, bins))

    def merge(self, other: Lengths) -> None:
        """Count the rows of another."""
        if not other.rows:
            return
        if not self.over:
            self.over, self.bins = [0] * len(LIMITS), {}
        self.rows += other.rows
        self.tokens += other.tokens
        self.longest = max(self.longest, other.longest)
        self.over = [a + b for a, b in zip(self.over, other.over, strict=True)]
        for place, count in other.bins.items():
            self.bins[place] = self.bins.get(place, 0) + count


def count(
    tasks: Sequence[str],
    languages: Sequence[str],
    tokens: npt.NDArray[np.int64],
    lengths: dict[tuple[str, str], Lengths],
) -> None:
    """Count rows of these tasks, languages and tokens into `lengths`."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, group in enumerate(zip(tasks, languages, strict=True)):
        groups.setdefault(group, []).append(row)
    for group, rows in groups.items():
        lengths.setdefault(group, Lengths(*group)).add_many(tokens[rows])


def counted(recipe: Mapping[str, Any]) -> str:
    """Return how the lengths of a build were counted, as the start of a sentence."""
    if recipe.get("tokenizer") is None:
        return "Estimated without a tokenizer"
    return "Counted with the tokenizer of the recipe"


def together(parts: Iterable[dict[tuple[str, str], Lengths]]) -> list[Lengths]:
    """Return the lengths of all parts, by task and language."""
    made: dict[tuple[str, str], Lengths] = {}
    for part in parts:
        for key, lengths in part.items():
            if key not in made:
                made[key] = Lengths(*key)
            made[key].merge(lengths)
    for lengths in made.values():
        lengths.bins = dict(sorted(lengths.bins.items()))
    return [made[key] for key in sorted(made)]
