"""The groups of a recipe as a tree: its leaves, and which of them takes a dataset's task."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe, Selection

_WEIGHING = {"temperature", "size_cap", "weights"}


class Node(Struct, frozen=True):
    """A group in its place; a leaf has strata instead of parts."""

    name: str  # with the names around it: "tasks/en"
    group: Group
    selects: tuple[Selection, ...]  # its own and those around it
    parts: tuple[Node, ...]

    def takes(self, spec: DatasetSpec, task: str) -> bool:
        """Return whether a dataset's task belongs here; where counts are exact, only what they name does."""
        if self.group.counts is not None and count_of(self.group, spec, task) is None:
            return False
        return all(select.takes(spec, task) for select in self.selects)

    def leaves(self) -> list[Node]:
        """Return the leaves below this node, or the node itself."""
        return [leaf for part in self.parts for leaf in part.leaves()] if self.parts else [self]


def nodes(recipe: Recipe) -> list[Node]:
    """Return the top groups of a recipe as trees."""
    return [_node(group, "", ()) for group in recipe.groups]


def leaf_of(tops: list[Node], spec: DatasetSpec, task: str) -> str | None:
    """Return the name of the first leaf, depth first, that takes a dataset's task; None if none does."""
    leaves = (leaf for top in tops for leaf in top.leaves())
    return next((leaf.name for leaf in leaves if leaf.takes(spec, task)), None)


def count_of(group: Group, spec: DatasetSpec, task: str) -> int | None:
    """Return the exact rows a group with counts states for a dataset's task; None where it states none."""
    if group.counts == "taiyi":
        return printed_of(spec, task)
    stated = (group.counts or {}).get(spec.id, {})
    return next((count for of, count in stated.items() if of == task), None)


def printed_of(spec: DatasetSpec, task: str) -> int | None:
    """Return the rows of a dataset's task in the release of the paper "Taiyi"; None where it has none."""
    counts = [name.count for name in spec.taiyi if name.task == task and name.count is not None]
    return sum(counts) if counts else None


def listed_counts(tops: list[Node], known: Mapping[str, DatasetSpec]) -> dict[str, int]:
    """Return the rows that each leaf with exact counts names, whether its datasets are there or not."""
    groups = {leaf.name: leaf.group for top in tops for leaf in top.leaves()}
    listed = {name: 0 for name, group in groups.items() if group.counts is not None}
    for spec in known.values():
        for task in spec.tasks:
            name = leaf_of(tops, spec, task)
            if name in listed:
                listed[name] += count_of(groups[name], spec, task) or 0
    return listed


def _node(group: Group, around: str, selects: tuple[Selection, ...]) -> Node:
    name, own = around + group.name, (*selects, group.select)
    parts = tuple(_node(part, f"{name}/", own) for part in _parts(group))
    return Node(name, group, own, parts)


def _parts(group: Group) -> list[Group]:
    if not group.balance:
        return group.groups
    like = {key: getattr(group, key) for key in _WEIGHING & group.model_fields_set}
    made = [
        Group(name=language, select=Selection(languages=[language]), share=share, **like)
        for language, share in group.balance.items()
    ]
    if sum(group.balance.values()) < 1.0 - 1e-9:
        made.append(Group(name="other languages", **like))
    return made
