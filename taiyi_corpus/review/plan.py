"""What a build would choose, as lines: dataset x task with its share, groups with what they are short of."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from taiyi_corpus.mix.groups import count_of, leaf_of, nodes, printed_of
from taiyi_corpus.pipeline.build import Draft
from taiyi_corpus.spec.dataset import TASKS
from taiyi_corpus.spec.recipe import Recipe


class Line(Struct, frozen=True):
    """One dataset x task of a mix."""

    dataset: str
    task: str
    language: str
    group: str
    available: int
    limit: int
    chosen: int
    share: float  # of all rows
    tokens: int  # about how many, wordings left out
    target: int  # rows it would give if there were enough
    repeats: int  # rows that use an instance again
    short: int  # rows it lacks of its target
    printed: int | None  # rows in the release of the paper "Taiyi"


class Shortage(Struct, frozen=True):
    """One group of a mix: rows wanted, rows taken."""

    group: str
    wanted: int
    chosen: int
    printed: int | None = None  # rows the paper prints

    @property
    def short(self) -> int:
        """Return how many rows are lacking."""
        return max(0, self.wanted - self.chosen)


def lines(draft: Draft) -> list[Line]:
    """Return a line for each dataset x task, by dataset and task."""
    plan = draft.selected.plan
    tokens = _tokens(draft)
    specs = {data.spec.id: data.spec for data in draft.gathered}
    return [
        Line(
            planned.stratum.dataset,
            planned.stratum.task,
            specs[planned.stratum.dataset].language,
            planned.group,
            planned.available,
            planned.limit,
            planned.chosen,
            planned.chosen / plan.rows if plan.rows else 0.0,
            tokens[planned.stratum.dataset, planned.stratum.task],
            planned.target,
            planned.repeats,
            planned.short,
            printed_of(specs[planned.stratum.dataset], planned.stratum.task),
        )
        for planned in plan.strata
    ] + _absent(draft)


def _absent(draft: Draft) -> list[Line]:
    """Return a line for each dataset x task that exact counts name and of which nothing is there."""
    planned = {(one.stratum.dataset, one.stratum.task) for one in draft.selected.plan.strata}
    tops = nodes(draft.recipe)
    groups = {leaf.name: leaf.group for top in tops for leaf in top.leaves()}
    made = []
    for id_, located in draft.sources.located.items():
        for task in draft.sources.tasks.get(id_, []):
            name = leaf_of(tops, located.spec, task)
            count = count_of(groups[name], located.spec, task) if name is not None else None
            if name is not None and count and (id_, task) not in planned:
                language, printed = located.spec.language, printed_of(located.spec, task)
                made.append(
                    Line(id_, task, language, name, 0, 0, 0, 0.0, 0, count, 0, count, printed)
                )
    return made


def printed_rows(recipe: Recipe) -> dict[str, int]:
    """Return the rows the paper prints for each group of a recipe that says so."""
    leaves = [leaf for top in nodes(recipe) for leaf in top.leaves()]
    return {leaf.name: leaf.group.printed for leaf in leaves if leaf.group.printed is not None}


def shortages(
    wanted: dict[str, int], chosen: dict[str, int], printed: dict[str, int] | None = None
) -> list[Shortage]:
    """Return wanted and taken of each group, in the order of the recipe, beside what the paper prints."""
    beside = printed or {}
    return [
        Shortage(group, rows, chosen.get(group, 0), beside.get(group))
        for group, rows in wanted.items()
    ]


def _tokens(draft: Draft) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for pool in (pool for pools in draft.selected.chosen.values() for pool in pools):
        items = pool.chosen().items
        for stratum in pool.taken:
            mine = items["tokens"][items["task"] == TASKS.index(stratum.task)]
            counts[stratum.dataset, stratum.task] += int(mine.sum(dtype="int64"))
    return counts
