"""What a stratum may give at most and must give at least: instances there are, epochs, caps, exact counts, floors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from taiyi_corpus.mix.apportion import apportion
from taiyi_corpus.mix.groups import Node
from taiyi_corpus.spec.recipe import Recipe


class Stratum(Struct, frozen=True, order=True):
    """One dataset x task in the mix."""

    dataset: str
    task: str

    @property
    def key(self) -> str:
        """Return the name by which shares are kept; it sorts like the stratum."""
        return f"{self.dataset}\x1f{self.task}"


ByLeaf = dict[str, dict[str, int]]  # leaf -> stratum key -> rows


def limits_of(
    recipe: Recipe,
    leaves: Sequence[Node],
    strata: Mapping[str, Mapping[str, Stratum]],
    available: Mapping[Stratum, int],
    exact: Mapping[str, Mapping[str, int]],
) -> ByLeaf:
    """Return the most rows of each stratum."""
    limits: ByLeaf = {}
    for leaf in leaves:
        counts = exact.get(leaf.name)
        limits[leaf.name] = {
            key: min(
                _limit(recipe, stratum, available[stratum]),
                *(() if counts is None else (counts[key],)),
                1 << 62,
            )
            for key, stratum in strata[leaf.name].items()
        }
    for task, cap in recipe.task_caps.items():
        _cap_task(task, cap, leaves, limits)
    return limits


def _limit(recipe: Recipe, stratum: Stratum, available: int) -> int:
    epochs = recipe.epochs.get(stratum.dataset, recipe.max_epochs)
    limit = available * (epochs if recipe.on_shortage == "repeat" else 1)
    for cap in (recipe.cap, recipe.caps.get(stratum.dataset)):
        limit = limit if cap is None else min(limit, cap)
    return limit


def _cap_task(task: str, cap: int, leaves: Sequence[Node], limits: ByLeaf) -> None:
    """Lower the limits of a task's strata, in the proportions of their groups, until they sum to the cap."""
    weights: dict[str, float] = {}
    at: dict[str, str] = {}
    for leaf in leaves:
        own = weights_of(leaf, limits[leaf.name])
        for key in limits[leaf.name]:
            if key.endswith(f"\x1f{task}"):
                weights[key], at[key] = own[key], leaf.name
    there = {key: limits[name][key] for key, name in at.items()}
    for key, limit in apportion(cap, weights, there).items():
        limits[at[key]][key] = limit


def weights_of(leaf: Node, limits: Mapping[str, int]) -> dict[str, float]:
    """Return the weight of each stratum of a leaf; one that may give nothing weighs nothing."""
    if leaf.group.weights == "unimax":
        return {key: 1.0 if limit else 0.0 for key, limit in limits.items()}
    power, most = 1.0 / leaf.group.temperature, leaf.group.size_cap
    sizes = limits if most is None else {key: min(limit, most) for key, limit in limits.items()}
    return {key: size**power if size else 0.0 for key, size in sizes.items()}


def floors_of(recipe: Recipe, limits: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the floor of each stratum: that of its dataset or task, shared out by what each can give."""
    every = {key: limit for of_leaf in limits.values() for key, limit in of_leaf.items()}
    floors: dict[str, int] = {}
    for dataset, floor in recipe.floors.items():
        can = {key: limit for key, limit in every.items() if key.startswith(f"{dataset}\x1f")}
        floors |= apportion(floor, can, can)
    for task, floor in recipe.task_floors.items():
        can = {key: limit for key, limit in every.items() if key.endswith(f"\x1f{task}")}
        for key, rows in apportion(floor, can, can).items():
            floors[key] = max(rows, floors.get(key, 0))
    return floors
