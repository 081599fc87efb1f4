"""Second half of a build: the candidates of every part, and which of them the mix takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus.engine.local import run
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import CANDIDATE, Found, columns_needed, find
from taiyi_corpus.mix.choose import choose, shuffle_keys
from taiyi_corpus.mix.plan import Plan, Stratum, plan
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.pipeline.gather import Gathered, Progress
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.spec.dataset import TASKS, TaskId
from taiyi_corpus.spec.recipe import Recipe


class CandidateJob(Struct, frozen=True):
    """One part whose candidates are wanted."""

    part: Part
    keep: npt.NDArray[np.bool_]
    setting: Setting
    tasks: list[TaskId]


@dataclass(slots=True)
class Chosen:
    """The instances a mix takes of one part, with their places in the corpus of its split."""

    dataset: str
    part: Part
    setting: Setting
    items: npt.NDArray[np.void]
    repeat: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]


@dataclass(slots=True)
class Selected:
    """Everything known before rendering."""

    plan: Plan
    found: dict[str, list[Found]]  # dataset -> a Found for each part
    chosen: list[Chosen] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # split -> rows


def find_candidates(job: CandidateJob) -> Found:
    """Return the candidates of one part."""
    rows = np.flatnonzero(job.keep).tolist()
    records = from_table(read_part(job.part.path, columns_of(columns_needed(job.tasks))))
    return find([records[row] for row in rows], rows, job.setting, job.tasks)


def select(gathered: list[Gathered], recipe: Recipe, workers: int, progress: Progress) -> Selected:
    """Find all candidates, share the rows of the mix out over the strata, and choose.

    Raises:
        InputError: the recipe says `on_shortage: fail`, and there is too little.
    """
    jobs = [
        CandidateJob(part, curated.keep, Setting(data.spec, recipe), data.tasks)
        for data in gathered
        for part, curated in zip(data.parts, data.curated, strict=True)
    ]
    progress("candidates", 0, len(jobs))
    results = []
    for number, result in enumerate(run(find_candidates, jobs, workers), 1):
        results.append(result)
        progress("candidates", number, len(jobs))
    found: dict[str, list[Found]] = {data.spec.id: [] for data in gathered}
    for job, result in zip(jobs, results, strict=True):
        found[job.setting.spec.id].append(result)
    specs = {data.spec.id: data.spec for data in gathered}
    made = plan(recipe, _available(found), specs)
    selected = Selected(made, found)
    _choose(selected, gathered, recipe)
    return selected


def _available(found: dict[str, list[Found]]) -> dict[Stratum, int]:
    available: dict[Stratum, int] = {}
    for dataset, parts in found.items():
        for part in parts:
            for code, count in zip(*np.unique(part.array["task"], return_counts=True), strict=True):
                stratum = Stratum(dataset, TASKS[int(code)])
                available[stratum] = available.get(stratum, 0) + int(count)
    return available


def _choose(selected: Selected, gathered: list[Gathered], recipe: Recipe) -> None:
    quotas = {planned.stratum: planned.chosen for planned in selected.plan.strata}
    picked: list[tuple[Chosen, npt.NDArray[np.uint64]]] = []
    for data in gathered:
        parts = selected.found[data.spec.id]
        array = np.concatenate([np.empty(0, CANDIDATE), *(part.array for part in parts)])
        owner = np.repeat(np.arange(len(parts)), [len(part.array) for part in parts])
        index, repeat = _of_dataset(array, data.spec.id, quotas)
        keys = shuffle_keys(array["order"][index], repeat)
        setting = Setting(data.spec, recipe)
        for number, part in enumerate(data.parts):
            mine = owner[index] == number
            chosen = Chosen(
                data.spec.id, part, setting, array[index[mine]], repeat[mine], np.empty(0, np.int64)
            )
            picked.append((chosen, keys[mine]))
    for split in recipe.splits:
        group = [(chosen, keys) for chosen, keys in picked if chosen.part.split == split]
        keys = np.concatenate([np.empty(0, np.uint64), *(keys for _, keys in group)])
        place = np.empty(len(keys), np.int64)
        place[np.argsort(keys, kind="stable")] = np.arange(len(keys))
        start = 0
        for chosen, own in group:
            chosen.place = place[start : start + len(own)]
            start += len(own)
        selected.rows[split] = len(keys)
    selected.chosen = [chosen for chosen, _ in picked if len(chosen.items)]


def _of_dataset(array: npt.NDArray[np.void], dataset: str, quotas: dict[Stratum, int]
                ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:  # fmt: skip
    index, repeat = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for code in np.unique(array["task"]):
        rows = np.flatnonzero(array["task"] == code)
        taken = choose(array["order"][rows], quotas.get(Stratum(dataset, TASKS[int(code)]), 0))
        index.append(rows[taken.index])
        repeat.append(taken.repeat)
    return np.concatenate(index), np.concatenate(repeat)
