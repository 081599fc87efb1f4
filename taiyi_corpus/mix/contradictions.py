"""Numbers of a recipe that cannot all hold, whatever data there is: which is in the way of which, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf

from msgspec import Struct

from taiyi_corpus.errors import Fault
from taiyi_corpus.mix.groups import Node, count_of, leaf_of, listed_counts, nodes
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Recipe

Key = tuple[str, str]  # dataset, task
Specs = Mapping[str, DatasetSpec]


class _Floor(Struct, frozen=True):
    name: str  # "bc5cdr", "task ner"
    rows: int
    keys: frozenset[Key]


def contradictions(recipe: Recipe, specs: Specs, where: str) -> Iterator[Fault]:
    """Yield a fault for each contradiction."""
    tops = nodes(recipe)
    taken = _taken(recipe, tops, specs)
    yield from _twins(tops, where)
    yield from _level(tops, recipe.rows, "the mix", where, listed_counts(tops, specs))
    yield from _counts(recipe, tops, taken, specs, where)
    yield from _floors(recipe, tops, taken, where)
    for node in _all(tops):
        most = _most(recipe, [key for key, leaf in taken.items() if _within(leaf, node)])
        if node.group.rows is not None and node.group.rows > most > 0:
            wanted = f"rows of group {node.name} within the {most:,.0f} that the caps leave it"
            yield _over(where, wanted, node.group.rows, int(most))
    if recipe.on_shortage != "repeat" and (recipe.max_epochs > 1 or recipe.epochs):
        wanted = "`on_shortage: repeat` where an instance may be used more than once"
        hint = "Leave max_epochs and epochs out, or say repeat."
        yield Fault(where, wanted, f"`on_shortage: {recipe.on_shortage}`", hint)
    if recipe.holdout is not None and "validation" in recipe.splits:
        yield Fault(where, "a holdout or the split validation", "both",
                    "Take `validation` out of `splits`, or leave `holdout` out.")  # fmt: skip


def idle_groups(recipe: Recipe, specs: Specs, where: str) -> Iterator[Fault]:
    """Yield a fault for each group that can take nothing, whatever the registry: what datasets there are may differ."""
    tops = nodes(recipe)
    busy = set(_taken(recipe, tops, specs).values())
    for leaf in _leaves(tops):
        if leaf.name in busy:
            continue
        for key in ("languages", "tasks", "datasets", "access", "licenses"):
            lists = [set(named) for select in leaf.selects if (named := getattr(select, key))]
            if lists and not set.intersection(*lists):
                wanted = f"{key} that group {leaf.name} and those around it have in common"
                yield Fault(where, wanted, "none")
        if any(leaf.takes(spec, task) for spec in specs.values() for task in recipe.tasks_of(spec)):
            found = "all of it in groups before it"
            hint = "A stratum belongs to the first group that takes it."
            yield Fault(where, f"something left for group {leaf.name}", found, hint)


def _taken(recipe: Recipe, tops: list[Node], specs: Specs) -> dict[Key, str]:
    """Return the leaf that takes each task of each dataset, of those that one takes."""
    places = {
        (id_, task): leaf_of(tops, spec, task)
        for id_, spec in specs.items()
        for task in recipe.tasks_of(spec)
    }
    return {key: leaf for key, leaf in places.items() if leaf is not None}


def _within(leaf: str, node: Node) -> bool:
    return leaf == node.name or leaf.startswith(f"{node.name}/")


def _most(recipe: Recipe, keys: Iterable[Key]) -> float:
    """Return the most rows that the caps let some strata give."""
    by_task: dict[str, float] = {}
    for dataset, task in keys:
        caps = (recipe.cap, recipe.caps.get(dataset))
        most = min((cap for cap in caps if cap is not None), default=inf)
        by_task[task] = by_task.get(task, 0) + most
    caps_of = {str(task): cap for task, cap in recipe.task_caps.items()}
    return sum(min(rows, caps_of.get(task, inf)) for task, rows in by_task.items())


def _twins(level: Sequence[Node], where: str) -> Iterator[Fault]:
    for name, count in Counter(node.name for node in level).items():
        if count > 1:
            yield Fault(where, "groups with names of their own", f"{count} called {name!r}")
    for node in level:
        yield from _twins(node.parts, where)


def _level(level: Sequence[Node], rows: int | None, whole: str, where: str, listed: Mapping[str, int]
           ) -> Iterator[Fault]:  # fmt: skip
    """Yield the faults of groups side by side whose numbers are more than what is around them."""
    exact = {
        node.name: n for node in level if (n := listed.get(node.name, node.group.rows)) is not None
    }
    share = sum(node.group.share for node in level if node.group.share is not None)
    if rows is not None:
        total, parts = sum(exact.values()), " + ".join(f"{n} {r:,}" for n, r in exact.items())
        if total > rows:
            wanted = f"exact numbers ({parts}) of at most the {rows:,} rows of {whole}"
            yield _over(where, wanted, total, rows)
        elif exact and (shared := round(share * rows)) + total > rows:
            wanted = (
                f"exact numbers ({parts}) and shares ({share:g} of {rows:,}) that fit into {whole}"
            )
            yield _over(where, wanted, shared + total, rows)
    for node in level:
        yield from _level(node.parts, _rows(node, rows), f"group {node.name}", where, listed)


def _rows(node: Node, around: int | None) -> int | None:
    """Return the rows a group is to have, where the recipe says so."""
    if node.group.rows is None and around is not None and node.group.share is not None:
        return round(around * node.group.share)
    return node.group.rows


def _counts(recipe: Recipe, tops: list[Node], taken: Mapping[Key, str], specs: Specs, where: str
            ) -> Iterator[Fault]:  # fmt: skip
    """Yield the faults of exact counts: over a cap, or of what the group cannot have."""
    totals: Counter[str] = Counter()
    for leaf in _leaves(tops):
        if leaf.group.counts is None:
            continue
        at = f"{where}, group {leaf.name}"
        for spec in specs.values():
            for task in recipe.tasks_of(spec):
                if (count := count_of(leaf.group, spec, task)) is None:
                    continue
                owner = taken.get((spec.id, task))
                if owner == leaf.name:
                    totals[task] += count
                elif leaf.group.counts != "taiyi":
                    found = "left out by its `select`" if owner is None else f"in group {owner}"
                    hint = "A stratum belongs to the first group that takes it."
                    yield Fault(at, f"{spec.id} {task}, which it counts", found, hint)
                    continue
                caps = (recipe.cap, recipe.caps.get(spec.id))
                cap = min((cap for cap in caps if cap is not None), default=count)
                if count > cap:
                    yield _over(at, f"a count of {spec.id} {task} within its cap of {cap:,}", count, cap)  # fmt: skip
    for task, cap in recipe.task_caps.items():
        if totals[task] > cap:
            yield _over(where, f"counts of {task} within its cap of {cap:,}", totals[task], cap)


def _floors(recipe: Recipe, tops: list[Node], taken: Mapping[Key, str], where: str
            ) -> Iterator[Fault]:  # fmt: skip
    """Yield the faults of floors: of nothing, over caps, over the rows of the mix or of a group."""
    of_datasets = [
        _Floor(id_, rows, frozenset(key for key in taken if key[0] == id_))
        for id_, rows in recipe.floors.items()
    ]
    of_tasks = [
        _Floor(f"task {task}", rows, frozenset(key for key in taken if key[1] == task))
        for task, rows in recipe.task_floors.items()
    ]
    for floor in (*of_datasets, *of_tasks):
        if not floor.keys:
            yield Fault(where, f"a group that takes {floor.name}, which has a floor", "none")
        elif floor.rows > (most := _most(recipe, floor.keys)):
            wanted = f"a floor of {floor.name} within the {most:,.0f} that the caps leave it"
            yield _over(where, wanted, floor.rows, int(most))
    both = frozenset(key for floor in of_datasets for key in floor.keys)
    # A row of a dataset may count for the floor of its task too; those of other tasks come on top.
    apart = [floor for floor in of_tasks if not floor.keys & both]
    yield from _floors_over(
        tops, recipe.rows, "the mix", [of_datasets + apart, of_tasks], taken, where
    )


def _floors_over(level: Sequence[Node], rows: int | None, whole: str, kinds: Sequence[Sequence[_Floor]],
                 taken: Mapping[Key, str], where: str) -> Iterator[Fault]:  # fmt: skip
    for floors in kinds:
        total = sum(floor.rows for floor in floors if floor.keys)
        if rows is not None and total > rows:
            names = " + ".join(f"{floor.name} {floor.rows:,}" for floor in floors)
            yield _over(where, f"floors ({names}) within the {rows:,} rows of {whole}", total, rows)
            return
    for node in level:
        inside = [
            [floor for floor in floors if all(_within(taken[key], node) for key in floor.keys)]
            for floors in kinds
        ]
        yield from _floors_over(
            node.parts, _rows(node, rows), f"group {node.name}", inside, taken, where
        )


def _over(where: str, wanted: str, found: int, limit: int) -> Fault:
    return Fault(where, wanted, f"{found:,}, {found - limit:,} too many")


def _leaves(tops: Iterable[Node]) -> list[Node]:
    return [leaf for top in tops for leaf in top.leaves()]


def _all(level: Iterable[Node]) -> Iterator[Node]:
    for node in level:
        yield node
        yield from _all(node.parts)
