"""How long rows are, against the limits trainers cut at: a cut from the right takes the answer."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

LIMITS = (1_024, 2_048, 4_096)
ROLE_TOKENS = 4  # what a chat template puts around a message, about
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

    def merge(self, other: Lengths) -> None:
        """Count the rows of another."""
        if not self.over:
            self.over, self.bins = [0] * len(LIMITS), {}
        self.rows += other.rows
        self.tokens += other.tokens
        self.longest = max(self.longest, other.longest)
        self.over = [a + b for a, b in zip(self.over, other.over, strict=True)]
        for place, count in other.bins.items():
            self.bins[place] = self.bins.get(place, 0) + count


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
