"""What a build would choose: rows for each stratum (group, dataset, task), before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.mix.apportion import apportion
from taiyi_corpus.mix.groups import Node, count_of, leaf_of, listed_counts, nodes
from taiyi_corpus.mix.limits import Stratum, floors_of, limits_of
from taiyi_corpus.mix.spread import Tree, spread, tree, wanted_of
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Recipe

__all__ = ["Plan", "Planned", "Stratum", "group_of", "plan"]


class Planned(Struct, frozen=True):
    """How many instances a stratum has, and how many of them the mix takes (repeats counted)."""

    stratum: Stratum
    group: str
    available: int
    limit: int
    chosen: int
    target: int = 0  # rows it would give if there were no limits
    validation: int = 0  # of the chosen, those of a validation mix carved out of `train`

    @property
    def repeats(self) -> int:
        """Return how many of the rows use an instance again."""
        return max(0, self.chosen - self.available)

    @property
    def short(self) -> int:
        """Return how many rows it lacks of its target."""
        return max(0, self.target - self.chosen + self.validation)


class Plan(Struct, frozen=True):
    """The mix by stratum, and what was wanted of each group beside what there is."""

    strata: list[Planned]
    wanted: dict[str, int]  # group -> rows the recipe asks for
    chosen: dict[str, int]  # group -> rows the mix takes

    @property
    def rows(self) -> int:
        """Return the rows of the mix."""
        return sum(planned.chosen for planned in self.strata)


def group_of(recipe: Recipe, spec: DatasetSpec, task: str) -> str | None:
    """Return the first group of the recipe that takes a dataset's task; None if none does."""
    return leaf_of(nodes(recipe), spec, task)


def plan(
    recipe: Recipe,
    available: Mapping[Stratum, int],
    specs: Mapping[str, DatasetSpec],
    *,
    tokens: Mapping[Stratum, float] | None = None,
    known: Mapping[str, DatasetSpec] | None = None,
) -> Plan:
    """Return the rows each stratum gives.

    Args:
        tokens: mean tokens of an instance of each stratum, for shares of tokens.
        known: all datasets of the registry, those that are not there included: exact counts want them too.

    Raises:
        InputError: the recipe says `on_shortage: fail` and a group is short.
    """
    tops = nodes(recipe)
    leaves = [leaf for top in tops for leaf in top.leaves()]
    strata = _by_leaf(tops, leaves, available, specs)
    exact = {
        leaf.name: {
            key: count_of(leaf.group, specs[s.dataset], s.task) or 0
            for key, s in strata[leaf.name].items()
        }
        for leaf in leaves
        if leaf.group.counts is not None
    }
    limits = limits_of(recipe, leaves, strata, available, exact)
    made = [tree(top, limits, _mean_tokens(strata, tokens)) for top in tops]
    wanted = wanted_of(recipe, made, listed_counts(tops, known or specs))
    _refuse_shortage(recipe, wanted, limits)
    floors = floors_of(recipe, limits)
    chosen = spread(recipe, made, floors)
    targets = _targets(leaves, limits, wanted, exact)
    planned = [
        Planned(
            s,
            leaf.name,
            available[s],
            limits[leaf.name][key],
            chosen[leaf.name].get(key, 0),
            targets[leaf.name].get(key, 0),
        )
        for leaf in leaves
        for key, s in strata[leaf.name].items()
    ]
    totals = {name: sum(shares.values()) for name, shares in chosen.items()}
    return Plan(sorted(planned, key=lambda one: one.stratum), wanted, totals)


def _by_leaf(
    tops: list[Node],
    leaves: list[Node],
    available: Mapping[Stratum, int],
    specs: Mapping[str, DatasetSpec],
) -> dict[str, dict[str, Stratum]]:
    strata: dict[str, dict[str, Stratum]] = {leaf.name: {} for leaf in leaves}
    for stratum in sorted(available):
        name = leaf_of(tops, specs[stratum.dataset], stratum.task)
        if name is not None and available[stratum]:
            strata[name][stratum.key] = stratum
    return strata


def _mean_tokens(
    strata: Mapping[str, Mapping[str, Stratum]], tokens: Mapping[Stratum, float] | None
) -> dict[str, float]:
    return {
        key: max(1.0, tokens[stratum]) if tokens else 1.0
        for of_leaf in strata.values()
        for key, stratum in of_leaf.items()
    }


def _targets(
    leaves: list[Node],
    limits: Mapping[str, Mapping[str, int]],
    wanted: Mapping[str, int],
    exact: Mapping[str, dict[str, int]],
) -> dict[str, dict[str, int]]:
    """Return what each stratum would give without limits: its count, or its part of what its group wants."""
    targets: dict[str, dict[str, int]] = {}
    for leaf in leaves:
        if leaf.name in exact:
            targets[leaf.name] = exact[leaf.name]
            continue
        weights = Tree(leaf, dict(limits[leaf.name]), {}).weights()
        targets[leaf.name] = apportion(
            wanted[leaf.name], weights, dict.fromkeys(weights, wanted[leaf.name])
        )
    return targets


def _refuse_shortage(
    recipe: Recipe, wanted: Mapping[str, int], limits: Mapping[str, Mapping[str, int]]
) -> None:
    if recipe.on_shortage != "fail":
        return
    there = {name: sum(of_leaf.values()) for name, of_leaf in limits.items()}
    short = {name: want for name, want in wanted.items() if there[name] < want}
    if short:
        raise InputError(
            Fault(f"recipe {recipe.name}, group {name}", f"{want:,} rows", f"{there[name]:,}",
                  "Lower the number, raise max_epochs with `on_shortage: repeat`, or say `on_shortage: take_all`.")
            for name, want in short.items()
        )  # fmt: skip
