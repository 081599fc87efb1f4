"""Second half of a build: the candidates of every part, and which of them the mix takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus import paths
from taiyi_corpus.engine import Run
from taiyi_corpus.engine.order import largest_first
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.mix.holdout import carve, held_rows, with_carved
from taiyi_corpus.mix.plan import Plan, Stratum, plan
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.pipeline.candidates import CandidateJob, Candidates, find_candidates, load
from taiyi_corpus.pipeline.gather import Gathered, Progress
from taiyi_corpus.pipeline.lend import lend
from taiyi_corpus.pipeline.pool import Pool, available, share_out
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Recipe


class Selected(Struct):
    """Everything known before rendering."""

    plan: Plan
    found: dict[str, list[Candidates]]  # dataset -> the candidates of each part
    chosen: dict[Split, list[Pool]]  # split of the corpus -> what each part gives to it


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
    specs = {data.spec.id: data.spec for data in gathered}
    mostly = _mostly_taken(recipe, gathered, specs, known)
    found = _found(gathered, settings, mostly, run, progress)
    pools, held = _pools(gathered, found, settings, recipe, run)
    there, tokens = available(pools)
    made = plan(recipe, there, specs, tokens=tokens, known=known)
    share_out(pools, {planned.stratum: planned.chosen for planned in made.strata})
    if recipe.holdout is not None:
        there, _ = available(held)
        quotas = carve(recipe, made, there)
        made = with_carved(made, there, quotas)
        share_out(held, quotas)
    chosen: dict[Split, list[Pool]] = {split: [] for split in recipe.splits}
    if recipe.holdout is not None:
        chosen["validation"] = []
    for pool in [*pools, *held]:
        if pool.taken:
            chosen[pool.split].append(pool)
    return Selected(made, found, chosen)


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


def _found(
    gathered: list[Gathered],
    settings: Mapping[str, Setting],
    mostly: set[str],
    run: Run,
    progress: Progress,
) -> dict[str, list[Candidates]]:
    cache = str(paths.cache_dir())
    jobs = [
        CandidateJob(
            part, curated.keep, settings[data.spec.id], data.tasks, cache, data.spec.id in mostly
        )
        for data in gathered
        for part, curated in zip(data.parts, data.curated, strict=True)
    ]
    progress("candidates", 0, len(jobs))
    found: dict[str, list[Candidates]] = {data.spec.id: [] for data in gathered}
    files = [job.part.path for job in jobs]
    made = largest_first(
        run, find_candidates, jobs, files, lambda done: progress("candidates", done, len(jobs))
    )
    for job, path in zip(jobs, made, strict=True):
        found[job.setting.spec.id].append(load(path))
    return found


class _HeldJob(Struct, frozen=True):
    """A part of whose rows some may be carved out."""

    part: Part
    recipe: Recipe


def _pools(
    gathered: list[Gathered],
    found: Mapping[str, list[Candidates]],
    settings: Mapping[str, Setting],
    recipe: Recipe,
    run: Run,
) -> tuple[list[Pool], list[Pool]]:
    """Return the candidates of every part, and those that are carved out."""
    own = [
        Pool(part, settings[data.spec.id], candidates)
        for data in gathered
        for part, candidates in zip(data.parts, found[data.spec.id], strict=True)
    ]
    held: list[Pool] = []
    if recipe.holdout is not None:
        train = [pool for pool in own if pool.part.split == "train"]
        jobs = [_HeldJob(pool.part, recipe) for pool in train]
        for pool, rows in zip(train, run(_held, jobs), strict=True):
            pool.held = rows
            held.append(Pool(pool.part, pool.setting, pool.candidates, rows, carved=True))
    for pool in [*own, *held]:
        pool.count()
    return own, held


def _held(job: _HeldJob) -> npt.NDArray[np.bool_]:
    return held_rows(job.part, job.recipe)
