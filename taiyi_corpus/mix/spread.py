"""Rows shared out over the tree of groups: from the whole mix down to the strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from taiyi_corpus.mix.apportion import apportion
from taiyi_corpus.mix.groups import Node
from taiyi_corpus.mix.limits import weights_of
from taiyi_corpus.spec.recipe import Recipe

_ROUNDS = 20  # of fitting rows to shares of tokens; a few are enough


@dataclass(slots=True)
class Tree:
    """A group with what its strata can give."""

    node: Node
    limits: dict[str, int]  # stratum key -> most rows; of a leaf only
    tokens: Mapping[str, float]  # stratum key -> mean tokens of an instance
    parts: list[Tree] = field(default_factory=list)

    @property
    def limit(self) -> int:
        """Return the most rows of the group."""
        return sum(part.limit for part in self.parts) + sum(self.limits.values())

    @property
    def exact(self) -> int | None:
        """Return the rows the group has whatever the size of the mix; None where it has a share."""
        group = self.node.group
        if group.counts is not None:
            return self.limit
        return None if group.rows is None else min(group.rows, self.limit)

    def weights(self) -> dict[str, float]:
        """Return the weight of each stratum."""
        return weights_of(self.node, self.limits)

    def strata(self) -> dict[str, int]:
        """Return the limits of all strata below."""
        own = dict(self.limits)
        for part in self.parts:
            own |= part.strata()
        return own


def tree(node: Node, limits: Mapping[str, dict[str, int]], tokens: Mapping[str, float]) -> Tree:
    """Return a group with the limits of its strata."""
    parts = [tree(part, limits, tokens) for part in node.parts]
    return Tree(node, {} if parts else limits[node.name], tokens, parts)


def wanted_of(recipe: Recipe, tops: Sequence[Tree], listed: Mapping[str, int]) -> dict[str, int]:
    """Return the rows the recipe asks of each leaf, by its number, its counts (`listed`) or its share."""
    wanted: dict[str, int] = {}

    def ask(level: Sequence[Tree], total: int | None) -> None:
        exact = {
            one.node.name: rows
            for one in level
            if (rows := listed.get(one.node.name, one.node.group.rows)) is not None
        }
        shared = {} if total is None else _shared(level, total, exact)
        for one in level:
            name = one.node.name
            rows = exact.get(name, round(shared[name]) if name in shared else None)
            if one.parts:
                ask(one.parts, rows)
            else:
                wanted[name] = one.limit if rows is None else rows

    ask(tops, recipe.rows)
    return wanted


def spread(
    recipe: Recipe, tops: Sequence[Tree], floors: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """Return the rows of each stratum by leaf: whole numbers, under all limits, summing to what the recipe asks."""
    total = recipe.rows if recipe.rows is not None else sum(top.limit for top in tops)
    means: dict[str, float] = {}
    made = _spread(tops, total, floors, means)
    if recipe.unit == "tokens":
        for _ in range(_ROUNDS):
            means = {one.node.name: _mean(one, made) for one in _all(tops)}
            former, made = made, _spread(tops, total, floors, means)
            if made == former:
                break
    return made


def _spread(
    level: Sequence[Tree], total: int, floors: Mapping[str, int], means: Mapping[str, float]
) -> dict[str, dict[str, int]]:
    limits = {one.node.name: one.limit for one in level}
    exact = {one.node.name: rows for one in level if (rows := one.exact) is not None}
    shared = {
        name: rows / means.get(name, 1.0) for name, rows in _shared(level, total, exact).items()
    }
    least = {one.node.name: min(_floor(one, floors), one.limit) for one in level}
    rest = max(0, total - sum(exact.values()))
    targets = apportion(rest, shared, limits, least) | exact
    made: dict[str, dict[str, int]] = {}
    for one in level:
        rows = targets.get(one.node.name, 0)
        if one.parts:
            made |= _spread(one.parts, rows, floors, means)
        elif one.limits:
            made[one.node.name] = apportion(rows, one.weights(), one.limits, floors)
        else:
            made[one.node.name] = {}
    return made


def _shared(level: Sequence[Tree], total: int, exact: Mapping[str, int]) -> dict[str, float]:
    """Return the rows of each group of a level that has no number of its own.

    A share is one of `total`; groups without one divide evenly what is left, and where there are none of these, those
    with one divide that in proportion.
    """
    groups = {one.node.name: one.node.group for one in level if one.node.name not in exact}
    made = {name: g.share * total for name, g in groups.items() if g.share is not None}
    rest = max(0, total - sum(exact.values()))
    if len(made) < len(groups):
        part = max(0.0, rest - sum(made.values())) / (len(groups) - len(made))
        return {name: made.get(name, part) for name in groups}
    stated = sum(made.values())
    return {name: rows * rest / stated if stated else 0.0 for name, rows in made.items()}


def _floor(one: Tree, floors: Mapping[str, int]) -> int:
    return sum(floors.get(key, 0) for key in one.strata())


def _all(level: Sequence[Tree]) -> list[Tree]:
    return [one for top in level for one in (top, *_all(top.parts))]


def _mean(one: Tree, made: Mapping[str, Mapping[str, int]]) -> float:
    """Return the mean tokens of the rows a group gives; where it gives none, of those it could."""
    keys = one.strata()
    given = {k: n for of_leaf in made.values() for k, n in of_leaf.items() if k in keys and n}
    rows = given or {key: limit for key, limit in keys.items() if limit}
    total = sum(rows.values())
    return sum(one.tokens[key] * n for key, n in rows.items()) / total if total else 1.0
