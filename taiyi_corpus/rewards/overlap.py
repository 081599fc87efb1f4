"""How far two collections of labelled sets agree: alignment by best Jaccard, as for relations of any arity."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias

Unit: TypeAlias = tuple[Hashable, frozenset[Hashable]]  # label, members


def jaccard(a: frozenset[Hashable], b: frozenset[Hashable], shared: int) -> float:
    """Return the Jaccard index, or 0 for two sets that share fewer than so many members."""
    both = len(a & b)
    return both / len(a | b) if both and both >= shared else 0.0


def best(one: frozenset[Hashable], others: Sequence[frozenset[Hashable]], shared: int) -> float:
    """Return the highest Jaccard of a set with one of the others."""
    return max((jaccard(one, other, shared) for other in others), default=0.0)


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean, 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def aligned_f1(
    gold: Sequence[Unit], found: Sequence[Unit], shared: int, *, exact: bool = False
) -> float:
    """Return the F1 of units whose label must be equal: mean best Jaccard, or share of equal sets."""
    if exact:
        golds, founds = set(gold), set(found)
        precision = mean([float(unit in golds) for unit in found])
        recall = mean([float(unit in founds) for unit in gold])
        return f1(precision, recall)
    return f1(_one_way(found, gold, shared), _one_way(gold, found, shared))


def _one_way(of: Sequence[Unit], among: Sequence[Unit], shared: int) -> float:
    by_label: dict[Hashable, list[frozenset[Hashable]]] = {}
    for label, members in among:
        by_label.setdefault(label, []).append(members)
    return mean([best(members, by_label.get(label, ()), shared) for label, members in of])
