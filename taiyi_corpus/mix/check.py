"""Checks of a recipe before any work: names it gets wrong, and numbers that cannot all hold.

Every fault says which constraint is in the way of which, and by how much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.mix.groups import Node, count_of, listed_counts, nodes
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe


def check_recipe(recipe: Recipe, specs: Mapping[str, DatasetSpec]) -> None:
    """Check a recipe against the registry.

    Raises:
        InputError: every unknown name, with the nearest known one; if there is none, every contradiction.
    """
    where = f"recipe {recipe.name}"
    if faults := list(_names(recipe, specs, where)):
        raise InputError(faults)
    if faults := list(_contradictions(recipe, specs, where)):
        raise InputError(faults)


def _names(recipe: Recipe, specs: Mapping[str, DatasetSpec], where: str) -> Iterator[Fault]:
    groups = list(_all(recipe.groups))
    named = {
        *recipe.caps, *recipe.floors, *recipe.epochs, *recipe.expand_of,
        *(d for g in groups for d in (*g.select.datasets, *g.select.without_datasets)),
        *(d for g in groups if isinstance(g.counts, dict) for d in g.counts),
    }  # fmt: skip
    yield from _unknown(where, "datasets of the registry", named, list(specs))
    tags = {tag for g in groups for tag in (*g.select.tags, *g.select.without_tags)}
    known_tags = sorted({tag for spec in specs.values() for tag in spec.tags})
    if known_tags:
        yield from _unknown(where, "tags of datasets", tags - {"general"}, known_tags)
    licences = {name for g in groups for name in g.select.licenses}
    known = sorted({spec.license.name for spec in specs.values()})
    yield from _unknown(where, "licences of datasets", licences, known)
    for rates in (recipe.expand, *recipe.expand_of.values()):
        for task, forms in rates.items():
            yield from _unknown(where, f"forms of {task}", set(forms), list(FORMS[task]))
    for group in groups:
        if isinstance(group.counts, dict):
            for dataset, counts in group.counts.items():
                tasks = specs[dataset].tasks if dataset in specs else list(counts)
                yield from _unknown(f"{where}, group {group.name}", f"tasks of {dataset}",
                                    set(counts), list(tasks))  # fmt: skip


def _unknown(where: str, wanted: str, names: Iterable[str], known: Sequence[str]) -> list[Fault]:
    return [
        Fault(where, wanted, repr(name), nearest(name, list(known)))
        for name in sorted(set(names) - set(known))
    ]


def _contradictions(
    recipe: Recipe, specs: Mapping[str, DatasetSpec], where: str
) -> Iterator[Fault]:
    tops = nodes(recipe)
    yield from _twins(tops, where)
    yield from _level(tops, recipe.rows, "the mix", where, listed_counts(tops, specs))
    for what, floors in (("floors", recipe.floors), ("task_floors", recipe.task_floors)):
        total = sum(floors.values())
        if recipe.rows is not None and total > recipe.rows:
            yield _over(
                where, f"{what} of at most the {recipe.rows:,} rows of the mix", total, recipe.rows
            )
    leaves = [leaf for top in tops for leaf in top.leaves()]
    yield from _counts_over_caps(recipe, leaves, specs, where)
    yield from _floors_over_groups(recipe, tops, specs, where)
    if recipe.cap is not None:
        for dataset, floor in recipe.floors.items():
            most = recipe.cap * len(specs[dataset].tasks)
            if floor > most:
                yield _over(
                    where,
                    f"a floor of {dataset} within the cap of {recipe.cap:,} a task",
                    floor,
                    most,
                )
    if recipe.on_shortage != "repeat" and (recipe.max_epochs > 1 or recipe.epochs):
        wanted = "`on_shortage: repeat` where an instance may be used more than once"
        hint = "Leave max_epochs and epochs out, or say repeat."
        yield Fault(where, wanted, f"`on_shortage: {recipe.on_shortage}`", hint)
    if recipe.holdout is not None and "validation" in recipe.splits:
        yield Fault(where, "a holdout or the split validation", "both",
                    "Take `validation` out of `splits`, or leave `holdout` out.")  # fmt: skip


def _twins(level: Sequence[Node], where: str) -> Iterator[Fault]:
    for name, count in Counter(node.name for node in level).items():
        if count > 1:
            yield Fault(where, "groups with names of their own", f"{count} called {name!r}")
    for node in level:
        yield from _twins(node.parts, where)


def _level(
    level: Sequence[Node],
    rows: int | None,
    whole: str,
    where: str,
    listed: Mapping[str, int],
) -> Iterator[Fault]:
    """Yield the faults of groups side by side whose numbers are more than what is around them."""
    exact = {
        node.name: n for node in level if (n := listed.get(node.name, node.group.rows)) is not None
    }
    share = sum(node.group.share for node in level if node.group.share is not None)
    if rows is not None:
        total, parts = sum(exact.values()), " + ".join(f"{n} {r:,}" for n, r in exact.items())
        if total > rows:
            yield _over(
                where,
                f"exact numbers ({parts}) of at most the {rows:,} rows of {whole}",
                total,
                rows,
            )
        elif exact and (shared := round(share * rows)) + total > rows:
            wanted = (
                f"exact numbers ({parts}) and shares ({share:g} of {rows:,}) that fit into {whole}"
            )
            yield _over(where, wanted, shared + total, rows)
    for node in level:
        own = node.group.rows
        if own is None and rows is not None and node.group.share is not None:
            own = round(rows * node.group.share)
        yield from _level(node.parts, own, f"group {node.name}", where, listed)


def _counts_over_caps(
    recipe: Recipe, leaves: Sequence[Node], specs: Mapping[str, DatasetSpec], where: str
) -> Iterator[Fault]:
    for leaf in leaves:
        if leaf.group.counts is None:
            continue
        for spec in specs.values():
            caps = [cap for cap in (recipe.cap, recipe.caps.get(spec.id)) if cap is not None]
            for task in spec.tasks:
                count = count_of(leaf.group, spec, task)
                if caps and count is not None and count > min(caps):
                    wanted = f"a count of {spec.id} {task} within its cap of {min(caps):,}"
                    yield _over(f"{where}, group {leaf.name}", wanted, count, min(caps))


def _floors_over_groups(
    recipe: Recipe, tops: Sequence[Node], specs: Mapping[str, DatasetSpec], where: str
) -> Iterator[Fault]:
    """Yield the faults of top groups whose datasets' floors are more than the group's own number of rows."""
    floors: Counter[str] = Counter()
    for dataset, floor in recipe.floors.items():
        spec = specs[dataset]
        takers = {next((n.name for n in tops if any(leaf.takes(spec, t) for leaf in n.leaves())), None)
                  for t in spec.tasks}  # fmt: skip
        if len(takers) == 1 and (name := takers.pop()) is not None:
            floors[name] += floor
    for node in tops:
        rows = node.group.rows
        if rows is None and recipe.rows is not None and node.group.share is not None:
            rows = round(recipe.rows * node.group.share)
        if rows is not None and floors[node.name] > rows:
            yield _over(
                where,
                f"floors within the {rows:,} rows of group {node.name}",
                floors[node.name],
                rows,
            )


def _over(where: str, wanted: str, found: int, limit: int) -> Fault:
    return Fault(where, wanted, f"{found:,}, {found - limit:,} too many")


def _all(groups: Iterable[Group]) -> Iterator[Group]:
    for group in groups:
        yield group
        yield from _all(group.groups)
