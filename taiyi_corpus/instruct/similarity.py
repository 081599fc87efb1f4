"""How alike two names look: what makes a wrong option hard."""

from __future__ import annotations

import functools
from collections.abc import Sequence


@functools.lru_cache(maxsize=65536)
def grams(name: str) -> frozenset[str]:
    """Return the words of a name and the pairs of neighbouring characters in it."""
    folded = name.casefold()
    words = folded.split()
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    return frozenset({*(word for word in words if len(word) > 2), *pairs} or {folded})


def alikeness(a: str, b: str) -> float:
    """Return the share (Dice) of words and character pairs that two names have in common, from 0 to 1."""
    left, right = grams(a), grams(b)
    return 2 * len(left & right) / (len(left) + len(right))


@functools.lru_cache(maxsize=4096)
def by_alikeness(name: str, others: tuple[str, ...]) -> Sequence[str]:
    """Return `others` with the ones most like `name` first, ties in their own order."""
    return sorted(
        (other for other in others if other != name), key=lambda other: -alikeness(name, other)
    )
