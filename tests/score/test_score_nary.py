"""DrugComb's definition and RexDrug's, on the relations that DrugComb's authors test theirs with."""

from __future__ import annotations

import numpy as np
import pytest

from taiyi_corpus.score.items import Item
from taiyi_corpus.score.measure import rated, two_sided
from taiyi_corpus.score.nary import Related, line, measures, pairs

GOLD = "1 12 P, 3 01 N, 4 01 C, 5 01 P, 6 01 C, 6 02 C, 6 03 C, 7 01 P, 7 23 P, 8 0123 P"
FOUND = "1 012 P, 2 01 P, 4 01 C, 5 01 C, 6 012 P, 7 01 P, 8 01 P, 8 02 P, 8 03 P"


def documents(written: str) -> dict[str, list[Related]]:
    made: dict[str, list[Related]] = {}
    for relation in written.split(", "):
        document, members, label = relation.split()
        made.setdefault(document, []).append(Related(frozenset(members), label == "P"))
    return made


def scored(exact: bool, positive: bool, variant: bool) -> tuple[float, float, float]:
    """F1, precision and recall of the fixture."""
    gold, found = documents(GOLD), documents(FOUND)
    names = sorted({*gold, *found})
    lines = [
        line(gold.get(n, []), found.get(n, []), exact=exact, positive=positive, uncounted=variant)
        for n in names
    ]
    sums = np.sum(lines, axis=0)
    f1 = two_sided(sums[None, :])[0] / 100
    return float(f1), sums[2] / sums[3], sums[0] / sums[1]


@pytest.mark.parametrize(
    "exact, positive, official, variant",
    [
        (False, False, (0.59505, 0.64815, 0.55), (0.59505, 0.64815, 0.55)),
        (True, False, (0.31579, 0.33333, 0.3), (0.31579, 0.33333, 0.3)),
        (False, True, (0.44265, 0.45238, 0.43333), (0.37609, 0.46296, 0.31667)),
        (True, True, (0.16667, 0.14286, 0.2), (0.21053, 0.22222, 0.2)),
    ],
    ids=["partial any", "exact any", "partial positive", "exact positive"],
)
def test_both_definitions_on_the_fixture(
    exact: bool, positive: bool, official: tuple[float, ...], variant: tuple[float, ...]
) -> None:
    assert scored(exact, positive, False) == pytest.approx(official, abs=5e-6)
    assert scored(exact, positive, True) == pytest.approx(variant, abs=5e-6)


def test_two_empty_sets_align_in_the_variant_alone() -> None:
    none = Related(frozenset(), False, False)
    assert line([none], [none], exact=False, positive=False) == (0, 0, 0, 0)
    assert line([none], [none], exact=False, positive=False, uncounted=True) == (1, 1, 1, 1)


def test_without_a_positive_relation_nothing_is_divided_by_zero() -> None:
    gold = [Related(frozenset("AB"), False)]
    sums = np.array([line(gold, gold, exact=False, positive=True)])
    assert np.isnan(two_sided(sums)[0])


def test_a_document_without_relations_adds_to_the_variant_alone() -> None:
    both = [([], []), ([Related(frozenset("AB"), True)], [])]
    found = {
        measure.name: np.sum(measure.table, axis=0).tolist()
        for measure in measures(both, positive=True)
    }
    assert found["nary_any_exact"] == [0, 1, 0, 0]
    assert found["nary_any_exact_rexdrug"] == [1, 2, 1, 2]


A, B, C, D = (("effect", (("", drug), ("", "z"))) for drug in "abcd")
E = ("int", (("", "e"), ("", "z")))


@pytest.mark.parametrize(
    "gold, found, counted",
    [
        (set(), set(), (1, 1, 1)),
        (set(), {A, B, C}, (0, 3, 1)),
        ({A, B, C}, set(), (0, 1, 3)),
        ({A, B, C}, {A, D}, (1, 2, 3)),
        (set(), None, (0, 0, 1)),
        ({A, B, C}, None, (0, 0, 3)),
    ],
    ids=["both empty", "gold empty", "nothing found", "some of each", "unreadable, gold empty", "unreadable"],
)  # fmt: skip
def test_pairs_are_counted_as_rexdrug_counts_them(
    gold: set[Item], found: set[Item] | None, counted: tuple[float, ...]
) -> None:
    micro, macro = pairs([(frozenset(gold), None if found is None else frozenset(found))])
    assert tuple(micro.table[0]) == counted
    assert np.reshape(macro.table[0], (-1, 3)).sum(axis=0).tolist() == list(counted)


def test_macro_f1_is_the_mean_over_the_types_that_are_there() -> None:
    none, found = frozenset[Item](), frozenset({A, E})
    micro, macro = pairs([(none, none), (frozenset({A, B}), found), (found, none)])
    # effect: 1 of 2 found in 3; int: found once and missed once; none: said twice, right once.
    assert rated(micro, 0, 0, "k").value == pytest.approx(200 * 2 / (4 + 5), abs=1e-4)
    assert rated(macro, 0, 0, "k").value == pytest.approx((50 + 0 + 200 / 3) / 3, abs=1e-4)
