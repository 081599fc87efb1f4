"""What a build would choose, as lines: dataset x task with its share, groups with what they are short of."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from taiyi_corpus.pipeline.build import Draft
from taiyi_corpus.spec.dataset import TASKS


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


class Shortage(Struct, frozen=True):
    """One group of a mix: rows wanted, rows taken."""

    group: str
    wanted: int
    chosen: int

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
        )
        for planned in plan.strata
    ]


def shortages(wanted: dict[str, int], chosen: dict[str, int]) -> list[Shortage]:
    """Return wanted and taken of each group, in the order of the recipe."""
    return [Shortage(group, rows, chosen.get(group, 0)) for group, rows in wanted.items()]


def _tokens(draft: Draft) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for chosen in draft.selected.chosen:
        for code, task in enumerate(TASKS):
            mine = chosen.items[chosen.items["task"] == code]
            if len(mine):
                counts[chosen.dataset, task] += int(mine["tokens"].sum(dtype="int64"))
    return counts
