"""Second half of a build: the candidates of every part, and which of them the mix takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from taiyi_corpus import paths
from taiyi_corpus.engine import Run
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.mix.choose import choose, shuffle_keys
from taiyi_corpus.mix.holdout import carve, held_rows, with_carved
from taiyi_corpus.mix.plan import Plan, Stratum, plan
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.pipeline.candidates import (
    CandidateJob,
    Candidates,
    all_of,
    find_candidates,
    load,
)
from taiyi_corpus.pipeline.gather import Gathered, Progress
from taiyi_corpus.pipeline.lend import lend
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import TASKS, DatasetSpec
from taiyi_corpus.spec.recipe import Recipe


@dataclass(slots=True)
class Chosen:
    """The instances a mix takes of one part, with their places in the corpus of its split."""

    dataset: str
    part: Part
    split: Split  # of the corpus; `validation` of what was carved out of `train`
    setting: Setting
    items: npt.NDArray[np.void]
    repeat: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    rows: str | None  # file of the rendered candidates of the part, where they were kept
    number: npt.NDArray[np.int64]  # of each item among these


@dataclass(slots=True)
class Selected:
    """Everything known before rendering."""

    plan: Plan
    found: dict[str, list[Candidates]]  # dataset -> the candidates of each part
    chosen: list[Chosen] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # split -> rows


def select(
    gathered: list[Gathered],
    recipe: Recipe,
    run: Run,
    progress: Progress,
    known: Mapping[str, DatasetSpec] | None = None,
) -> Selected:
    """Find all candidates, share the rows of the mix out over the strata, and choose.

    Args:
        known: all datasets of the registry, for what exact counts want of those that are not there.

    Raises:
        InputError: the recipe says `on_shortage: fail`, and there is too little.
    """
    settings = lend(gathered, recipe, run, progress)
    cache = str(paths.cache_dir())
    specs = {data.spec.id: data.spec for data in gathered}
    mostly = _mostly_taken(recipe, gathered, specs, known)
    jobs = [
        CandidateJob(
            part, curated.keep, settings[data.spec.id], data.tasks, cache, data.spec.id in mostly
        )
        for data in gathered
        for part, curated in zip(data.parts, data.curated, strict=True)
    ]
    progress("candidates", 0, len(jobs))
    results = []
    for number, path in enumerate(run(find_candidates, jobs), 1):
        results.append(load(path))
        progress("candidates", number, len(jobs))
    found: dict[str, list[Candidates]] = {data.spec.id: [] for data in gathered}
    for job, result in zip(jobs, results, strict=True):
        found[job.setting.spec.id].append(result)
    held = _held(gathered, found, recipe)
    available, tokens = _available(found, held, carved=False)
    made = plan(recipe, available, specs, tokens=tokens, known=known)
    quotas = {"train": _quotas(made)}
    if recipe.holdout is not None:
        there, _ = _available(found, held, carved=True)
        quotas["validation"] = carve(recipe, made, there)
        made = with_carved(made, there, quotas["validation"])
    selected = Selected(made, found)
    _choose(selected, gathered, settings, recipe, held, quotas)
    return selected


def _mostly_taken(
    recipe: Recipe,
    gathered: list[Gathered],
    specs: Mapping[str, DatasetSpec],
    known: Mapping[str, DatasetSpec] | None,
) -> set[str]:
    """Return the datasets that give half of their instances or more, if each record has one of each task.

    A guess, made before anything is asked: it decides what is rendered once and kept, never what is chosen.
    """
    records = {
        data.spec.id: sum(int(curated.keep.sum()) for curated in data.curated) for data in gathered
    }
    guess = {
        Stratum(data.spec.id, task): records[data.spec.id]
        for data in gathered
        for task in data.tasks
    }
    lenient = recipe.model_copy(update={"on_shortage": "take_all"})
    wanted: Counter[str] = Counter()
    for planned in plan(lenient, guess, specs, known=known).strata:
        wanted[planned.stratum.dataset] += planned.chosen
    there = Counter(stratum.dataset for stratum in guess)
    return {id_ for id_, rows in wanted.items() if 2 * rows >= records[id_] * there[id_]}


Held = dict[str, npt.NDArray[np.bool_]]  # dataset -> which of its candidates are carved out
_Quotas = dict[Stratum, int]


def _quotas(made: Plan) -> _Quotas:
    return {planned.stratum: planned.chosen for planned in made.strata}


def _held(gathered: list[Gathered], found: dict[str, list[Candidates]], recipe: Recipe) -> Held:
    held: Held = {}
    for data in gathered:
        masks = [np.empty(0, np.bool_)]
        for part, candidates in zip(data.parts, found[data.spec.id], strict=True):
            rows = candidates.array["row"]
            if recipe.holdout is None or part.split != "train":
                masks.append(np.zeros(len(rows), np.bool_))
            else:
                masks.append(held_rows(part, recipe)[rows])
        held[data.spec.id] = np.concatenate(masks)
    return held


def _available(
    found: dict[str, list[Candidates]], held: Held, *, carved: bool
) -> tuple[dict[Stratum, int], dict[Stratum, float]]:
    """Return the candidates of each stratum inside or outside the holdout, and their mean tokens."""
    available: dict[Stratum, int] = {}
    tokens: dict[Stratum, float] = {}
    for dataset, parts in found.items():
        array = all_of(parts)[held[dataset] == carved]
        for code in np.unique(array["task"]):
            stratum = Stratum(dataset, TASKS[int(code)])
            own = array["tokens"][array["task"] == code]
            available[stratum], tokens[stratum] = len(own), float(own.mean(dtype=np.float64))
    return available, tokens


def _choose(
    selected: Selected,
    gathered: list[Gathered],
    settings: Mapping[str, Setting],
    recipe: Recipe,
    held: Held,
    quotas: Mapping[str, _Quotas],
) -> None:
    splits: list[Split] = [*recipe.splits]
    if "validation" in quotas:
        splits.append("validation")
    picked: list[tuple[Chosen, npt.NDArray[np.uint64]]] = []
    for data in gathered:
        parts = selected.found[data.spec.id]
        array = all_of(parts)
        sizes = [len(part.array) for part in parts]
        owner, starts = np.repeat(np.arange(len(parts)), sizes), np.cumsum([0, *sizes])
        setting = settings[data.spec.id]
        for carved, quota in enumerate(quotas.values()):
            pool = np.flatnonzero(held[data.spec.id] == bool(carved))
            index, repeat = _of_dataset(array[pool], data.spec.id, quota)
            index = pool[index]
            keys = shuffle_keys(array["order"][index], repeat)
            by_part = np.argsort(owner[index], kind="stable")
            ends = np.searchsorted(owner[index][by_part], np.arange(len(parts) + 1))
            for number, part in enumerate(data.parts):
                mine = by_part[ends[number] : ends[number + 1]]
                split: Split = "validation" if carved else part.split
                chosen = Chosen(
                    data.spec.id, part, split, setting, array[index[mine]], repeat[mine], np.empty(0, np.int64),
                    parts[number].rows, index[mine] - starts[number],
                )  # fmt: skip
                picked.append((chosen, keys[mine]))
        for candidates in parts:  # what is not chosen need not be held
            candidates.array = candidates.array[:0].copy()
    for split in splits:
        group = [(chosen, keys) for chosen, keys in picked if chosen.split == split]
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
