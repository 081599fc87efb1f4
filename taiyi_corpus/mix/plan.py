"""What a build would choose: rows for each stratum (group, dataset, task), before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.mix.apportion import apportion
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe


class Stratum(Struct, frozen=True, order=True):
    """One dataset x task in the mix."""

    dataset: str
    task: str


class Planned(Struct, frozen=True):
    """How many instances a stratum has, and how many of them the mix takes (repeats counted)."""

    stratum: Stratum
    group: str
    available: int
    limit: int
    chosen: int


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
    return next((group.name for group in recipe.groups if group.select.takes(spec, task)), None)


def plan(
    recipe: Recipe, available: Mapping[Stratum, int], specs: Mapping[str, DatasetSpec]
) -> Plan:
    """Return the rows each stratum gives.

    Raises:
        InputError: the recipe says `on_shortage: fail` and a group is short.
    """
    grouped: dict[str, dict[str, Stratum]] = {group.name: {} for group in recipe.groups}
    for stratum in sorted(available):
        name = group_of(recipe, specs[stratum.dataset], stratum.task)
        if name is not None and available[stratum]:
            grouped[name][f"{stratum.dataset}\x1f{stratum.task}"] = stratum
    limits = {
        name: {key: _limit(recipe, s, available[s]) for key, s in strata.items()}
        for name, strata in grouped.items()
    }
    group_limits = {name: sum(keys.values()) for name, keys in limits.items()}
    wanted, weights = _targets(recipe, group_limits)
    _refuse_shortage(recipe, wanted, group_limits)
    exact = {
        group.name: min(group.rows, group_limits[group.name])
        for group in recipe.groups
        if group.rows is not None
    }
    total = recipe.rows if recipe.rows is not None else sum(group_limits.values())
    shared = {name: weight for name, weight in weights.items() if name not in exact}
    targets = apportion(max(0, total - sum(exact.values())), shared, group_limits) | exact
    floors = _floors(recipe, limits)
    strata: list[Planned] = []
    for group in recipe.groups:
        strata += _share_out(
            recipe,
            group,
            targets.get(group.name, 0),
            grouped[group.name],
            limits[group.name],
            available,
            floors,
        )
    chosen = {
        group.name: sum(p.chosen for p in strata if p.group == group.name)
        for group in recipe.groups
    }
    return Plan(sorted(strata, key=lambda planned: planned.stratum), wanted, chosen)


def _limit(recipe: Recipe, stratum: Stratum, available: int) -> int:
    epochs = recipe.max_epochs if recipe.on_shortage == "repeat" else 1
    limit = available * epochs
    for cap in (recipe.cap, recipe.caps.get(stratum.dataset)):
        limit = limit if cap is None else min(limit, cap)
    return limit


def _targets(
    recipe: Recipe, group_limits: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, float]]:
    """Return the rows wanted of each group, and the weights by which groups that are there share the mix."""
    stated = sum(group.share for group in recipe.groups if group.share is not None)
    unstated = [group.name for group in recipe.groups if group.share is None and group.rows is None]
    rest = max(0.0, 1.0 - stated) / len(unstated) if unstated else 0.0
    weights = {g.name: rest if g.share is None else g.share for g in recipe.groups}
    wanted = {}
    for group in recipe.groups:
        if group.rows is not None:
            wanted[group.name] = group.rows
        elif recipe.rows is not None:
            wanted[group.name] = round(recipe.rows * weights[group.name])
        else:
            wanted[group.name] = group_limits[group.name]
    return wanted, weights


def _refuse_shortage(recipe: Recipe, wanted: Mapping[str, int], limits: Mapping[str, int]) -> None:
    if recipe.on_shortage != "fail":
        return
    short = {name: want for name, want in wanted.items() if limits[name] < want}
    if short:
        raise InputError(
            Fault(f"recipe {recipe.name}, group {name}", f"{want:,} rows", f"{limits[name]:,}",
                  "Lower the number, raise max_epochs with `on_shortage: repeat`, or say `on_shortage: take_all`.")
            for name, want in short.items()
        )  # fmt: skip


def _floors(recipe: Recipe, limits: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the floor of each stratum: that of its dataset, shared out over the tasks by what each can give."""
    floors: dict[str, int] = {}
    for dataset, floor in recipe.floors.items():
        can = {
            key: limit
            for group in limits.values()
            for key, limit in group.items()
            if key.startswith(f"{dataset}\x1f")
        }
        floors |= apportion(floor, can, can)
    return floors


def _share_out(recipe: Recipe, group: Group, target: int, strata: Mapping[str, Stratum], limits: Mapping[str, int],
               available: Mapping[Stratum, int], floors: Mapping[str, int]) -> list[Planned]:  # fmt: skip
    weights = {
        key: limit ** (1.0 / group.temperature) if limit else 0.0 for key, limit in limits.items()
    }
    shares = apportion(target, weights, limits, floors) if strata else {}
    return [
        Planned(s, group.name, available[s], limits[key], shares.get(key, 0))
        for key, s in strata.items()
    ]
