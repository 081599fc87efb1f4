"""Relations of any arity scored as sets: DrugComb's own definition, and RexDrug's, which is another one.

Two relations of a document align when they are equal (exact) or share two members (partial); an alignment weighs their
Jaccard index. Precision is the mean over what was found of the best weight, recall that over the gold.

- `official`: with "any" every relation counts, with "positive" those of the positive types; what does not count takes
  no part in either mean.
- `rexdrug`: what does not count takes part, and aligns with what does not count either. So a negative relation that is
  rightly not called positive adds to the score: the numbers cannot be compared with the leaderboard's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from msgspec import Struct

from taiyi_corpus.score.items import Items
from taiyi_corpus.score.measure import Measure, f1, macro_f1, two_sided

# Dataset -> its types that mean a positive combination, as the registry calls them.
POSITIVE = {"drugcomb": frozenset({"POS"})}
# Datasets of pairs whose published scores RexDrug's own count gave.
PAIRS = frozenset({"ddi13"})
_NOTHING = "no relation counts in the gold"


class Related(Struct, frozen=True):
    """A relation as a set: its members, whether it is positive, whether it is one at all."""

    members: frozenset[Hashable]
    positive: bool
    relation: bool = True


# How RexDrug writes down that a document has no relation.
_NONE = [Related(frozenset(), False, False)]
_NO_PAIR: Items = frozenset({("", ())})
Pair = tuple[
    list[Related], list[Related] | None
]  # gold and found of one document; None: unreadable


def measures(documents: Sequence[Pair], *, positive: bool) -> list[Measure]:
    """Return the measures of a dataset; those of positive relations only where it has such."""
    made = []
    for only in (False, True) if positive else (False,):
        for exact in (False, True):
            name = f"{'positive' if only else 'any'}_{'exact' if exact else 'partial'}"
            official = [
                line(gold, found or [], exact=exact, positive=only) for gold, found in documents
            ]
            variant = [
                line(gold or _NONE, _said(found), exact=exact, positive=only, uncounted=True)
                for gold, found in documents
            ]
            made.append(Measure(f"nary_{name}", official, two_sided, _NOTHING))
            made.append(Measure(f"nary_{name}_rexdrug", variant, two_sided, _NOTHING))
    return made


def line(gold: Iterable[Related], found: Iterable[Related], *, exact: bool, positive: bool,
         uncounted: bool = False) -> tuple[float, float, float, float]:  # fmt: skip
    """Return (weight of gold, gold, weight of found, found) of one document.

    Args:
        exact: equal sets only, not sets that share two members.
        positive: positive relations count, the others do not.
        uncounted: what does not count takes part, as in RexDrug's variant.
    """
    golds, founds = _labelled(gold, positive), _labelled(found, positive)
    sides = []
    for of, among in ((golds, founds), (founds, golds)):
        part = [one for one in of if uncounted or one[1]]
        weights = [
            max((_weight(one, other, exact) for other in among), default=0.0) for one in part
        ]
        sides += [sum(weights), float(len(part))]
    return sides[0], sides[1], sides[2], sides[3]


_Labelled = tuple[frozenset[Hashable], bool]


def _labelled(relations: Iterable[Related], positive: bool) -> list[_Labelled]:
    made = [(one.members, one.positive if positive else one.relation) for one in relations]
    return list(dict.fromkeys(made))


def _weight(one: _Labelled, other: _Labelled, exact: bool) -> float:
    if one[1] != other[1]:
        return 0.0
    if one[0] == other[0]:
        return 1.0
    both = len(one[0] & other[0])
    return 0.0 if exact or both < 2 else both / len(one[0] | other[0])


def _said(found: list[Related] | None) -> list[Related]:
    """Return what was found, as the variant has it: an answer that cannot be read does not say that there is none."""
    return [] if found is None else found or _NONE


def pairs(documents: Sequence[tuple[Items, Items | None]]) -> list[Measure]:
    """Return the micro and macro F1 of pairs as RexDrug counts them; None: unreadable.

    That there is no relation is a relation too, and a type: both sides empty is one hit, an empty side against some
    relations is one that was wrongly said, or missed.
    """
    sides = [
        (gold or _NO_PAIR, frozenset() if found is None else found or _NO_PAIR)
        for gold, found in documents
    ]
    types = sorted({type_ for side in sides for part in side for type_, _ in part})
    lines = [
        [counts for type_ in types for counts in _of_type(gold, found, type_)]
        for gold, found in sides
    ]
    sums = [[sum(row[column::3]) for column in range(3)] for row in lines]
    return [
        Measure("micro_f1_rexdrug", sums, f1, _NOTHING),
        Measure("macro_f1_rexdrug", lines, macro_f1, _NOTHING),
    ]


def _of_type(gold: Items, found: Items, type_: str) -> tuple[float, float, float]:
    """Return (hits, found, gold) of one type."""
    parts = (gold & found, found, gold)
    hits, said, there = (float(sum(one == type_ for one, _ in part)) for part in parts)
    return hits, said, there
