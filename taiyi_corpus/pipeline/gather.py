"""First half of a build: which datasets are there, their records, and what curating keeps of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from taiyi_corpus import paths
from taiyi_corpus.curate.filters import chosen
from taiyi_corpus.curate.part import Curated, CurateJob, curate_part, drop_repeats
from taiyi_corpus.engine.local import run
from taiyi_corpus.errors import Fault, InputError, MissingDataError
from taiyi_corpus.ledger import Drop
from taiyi_corpus.mix.plan import group_of
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import Job, Part, StoredDataset, normalise_dataset
from taiyi_corpus.sources.locate import Located, form, locate, where_missing
from taiyi_corpus.spec.dataset import DatasetSpec, TaskId
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # (what is done, how many are done, of how many)


@dataclass(slots=True)
class Sources:
    """The datasets a recipe draws from, as they lie on disk."""

    origin: Origin
    located: dict[str, Located]
    tasks: dict[str, list[TaskId]]  # dataset -> tasks the recipe takes of it

    def states(self) -> dict[str, str]:
        """Return ready, partial or absent for each dataset."""
        return {id_: located.state for id_, located in self.located.items()}


@dataclass(slots=True)
class Gathered:
    """The records of one dataset that a recipe may choose from."""

    spec: DatasetSpec
    located: Located
    stored: StoredDataset
    tasks: list[TaskId]
    parts: list[Part]
    curated: list[Curated]
    repeats: list[Drop]


def find_sources(registry: Registry, recipe: Recipe, data: Path, *, samples: bool = False, strict: bool = False,
                 named: Collection[str] = ()) -> Sources:  # fmt: skip
    """Locate the datasets a recipe draws from; the bundled samples if there is no raw data at all.

    Raises:
        MissingDataError: a dataset asked for by name has no files, or `strict` and one is partial or absent.
        SourceError: an archive is damaged.
    """
    tasks = {
        id_: taken
        for id_, spec in registry.items()
        if (taken := [task for task in spec.tasks if group_of(recipe, spec, task) is not None])
        and (not named or id_ in named)
    }
    asked = set(named) | {id_ for group in recipe.groups for id_ in group.select.datasets}
    located = {} if samples else _locate(registry, tasks, lambda id_: data / id_)
    if any(found.state != "absent" for found in located.values()):
        _refuse_missing(located, asked, strict=strict)
        return Sources("raw", located, tasks)
    if (strict or asked) and not samples and located:
        _refuse_missing(located, asked, strict=strict)
    located = _locate(registry, tasks, registry.sample_dir)
    return Sources(
        "sample", {id_: found for id_, found in located.items() if found.state != "absent"}, tasks
    )


def _locate(
    registry: Registry, ids: Collection[str], folder: Callable[[str], Path | None]
) -> dict[str, Located]:
    located: dict[str, Located] = {}
    faults: list[Fault] = []
    for id_ in ids:
        try:
            located[id_] = locate(registry[id_], folder(id_))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return located


def _refuse_missing(located: dict[str, Located], asked: Collection[str], *, strict: bool) -> None:
    faults = [
        where_missing(found)
        for id_, found in located.items()
        if (strict and found.state != "ready") or (found.state == "absent" and id_ in asked)
    ]
    if faults:
        raise MissingDataError(faults)


def gather(sources: Sources, recipe: Recipe, workers: int, progress: Progress) -> list[Gathered]:
    """Normalise and curate every dataset that is there.

    Raises:
        SourceError: a file cannot be read as its format says; every such file is named.
    """
    chosen(recipe.filters)
    there = {id_: found for id_, found in sources.located.items() if found.state != "absent"}
    jobs = [Job(found, sources.origin, str(paths.cache_dir())) for found in there.values()]
    stored = list(_counted(run(_normalise, jobs, workers), "normalise", len(jobs), progress))
    faults = [fault for result in stored if isinstance(result, tuple) for fault in result]
    if faults:
        raise InputError(faults)
    drawn = [
        (result, _drawn(result, there[result.dataset], recipe))
        for result in stored
        if isinstance(result, StoredDataset)
    ]
    curate_jobs = [
        CurateJob(part, list(recipe.filters), there[s.dataset].spec.unique_by)
        for s, parts in drawn
        for part in parts
    ]
    curated = iter(
        list(_counted(run(curate_part, curate_jobs, workers), "curate", len(curate_jobs), progress))
    )
    gathered = []
    for dataset, parts in drawn:
        found = there[dataset.dataset]
        mine = [next(curated) for _ in parts]
        repeats = drop_repeats(parts, mine, dataset.dataset)
        gathered.append(
            Gathered(
                found.spec, found, dataset, sources.tasks[dataset.dataset], parts, mine, repeats
            )
        )
    return gathered


def _normalise(job: Job) -> StoredDataset | tuple[Fault, ...]:
    # Faults are data here, so that the broken files of all datasets are named at once.
    try:
        return normalise_dataset(job)
    except InputError as error:
        return error.faults


def _drawn(stored: StoredDataset, located: Located, recipe: Recipe) -> list[Part]:
    """Return the parts a recipe draws from: its splits, but for benchmarks."""
    splits = form(located).splits
    return [
        part
        for part in stored.parts
        if part.split in recipe.splits and not splits[part.split].benchmark
    ]


def _counted(results: Iterator[T], what: str, total: int, progress: Progress) -> Iterator[T]:
    progress(what, 0, total)
    for number, result in enumerate(results, 1):
        yield result
        progress(what, number, total)
