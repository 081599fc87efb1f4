"""First half of a build: which datasets are there, their records, and what curating keeps of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from taiyi_corpus import paths
from taiyi_corpus.curate.curated import Curated
from taiyi_corpus.curate.filters import chosen
from taiyi_corpus.curate.licences import refused
from taiyi_corpus.engine import Run
from taiyi_corpus.errors import Fault, InputError, MissingDataError, nearest
from taiyi_corpus.ledger import Drop
from taiyi_corpus.mix.plan import group_of
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import Job, Part, StoredDataset
from taiyi_corpus.pipeline.carve import lacking, with_splits
from taiyi_corpus.pipeline.clean import clean
from taiyi_corpus.pipeline.normalised import normalise_all
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources import known
from taiyi_corpus.sources.locate import Located, form, where_missing, without_files
from taiyi_corpus.spec.dataset import DatasetSpec, TaskId
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry

Progress = Callable[[str, int, int], None]  # (what is done, how many are done, of how many)


def silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(slots=True)
class Sources:
    """The datasets a recipe draws from, as they lie on disk."""

    origin: Origin
    located: dict[str, Located]
    tasks: dict[str, list[TaskId]]  # dataset -> tasks the recipe takes of it
    refused: dict[str, str] = field(default_factory=dict)  # dataset -> why its licence keeps it out


@dataclass(slots=True)
class Gathered:
    """The records of one dataset that a recipe may choose from."""

    spec: DatasetSpec
    located: Located
    stored: StoredDataset
    tasks: list[TaskId]
    splits: list[Split]  # those drawn from; one whose records were all dropped has no part
    parts: list[Part]
    curated: list[Curated]
    repeats: list[Drop]
    shared: dict[str, int] = field(default_factory=dict)  # other dataset -> documents in both


def find_sources(registry: Registry, recipe: Recipe, data: Path, *, samples: bool = False, strict: bool = False,
                 named: Collection[str] = ()) -> Sources:  # fmt: skip
    """Locate the datasets a recipe draws from: raw data, or the bundled samples, never both.

    Samples are taken if asked for, or if there is no raw data at all and nothing asks for some.

    Args:
        named: draw from these datasets only, and each of them must be there.

    Raises:
        InputError: a name is wrong, or there is raw data but none that the recipe draws from.
        MissingDataError: a named dataset has no files, or `strict` and one is partial or absent.
        SourceError: an archive is damaged.
    """
    tasks = {
        id_: taken
        for id_, spec in registry.items()
        if (
            taken := [
                task for task in recipe.tasks_of(spec) if group_of(recipe, spec, task) is not None
            ]
        )
    }
    _refuse_names(registry, recipe, tasks, named)
    kept_out = {
        id_: why
        for id_ in tasks
        if (why := refused(registry[id_], recipe.curate.allow)) is not None
    }
    _refuse_licences(recipe, kept_out, tasks, named)
    tasks = {id_: taken for id_, taken in tasks.items() if id_ not in kept_out}
    if named:
        tasks = {id_: taken for id_, taken in tasks.items() if id_ in named}
    origin: Origin = "sample" if samples else "raw"
    located = _locate(registry, tasks, registry.sample_dir if samples else lambda id_: data / id_)
    there = any(found.state != "absent" for found in located.values())
    if not there and not samples and not named and not strict:
        _refuse_other_data(registry, recipe, tasks, data)
        origin, located = "sample", _locate(registry, tasks, registry.sample_dir)
        there = any(found.state != "absent" for found in located.values())
    _refuse_missing(registry, located, origin, named, strict=strict)
    if not there:
        wanted = "datasets with raw data or a bundled sample"
        raise MissingDataError(Fault(f"recipe {recipe.name}", wanted, f"none; looked in {data}"))
    return Sources(origin, located, tasks, kept_out)


def missing(registry: Registry, found: Located, origin: Origin) -> Fault:
    """Return the fault of a dataset that is needed and not (wholly) there, with what to do."""
    id_ = found.spec.id
    if origin == "sample":
        return Fault(id_, "a whole bundled sample", f"files missing: {'; '.join(found.missing)}")
    fault = where_missing(found)
    if registry.sample_dir(id_) is None:
        return fault
    return replace(fault, hint=f"{fault.hint} Or take the bundled sample: --samples.".strip())


def _refuse_names(
    registry: Registry, recipe: Recipe, tasks: Collection[str], named: Collection[str]
) -> None:
    faults = [
        Fault("--dataset", "the id of a dataset", repr(id_), nearest(id_, list(registry)))
        if id_ not in registry
        else Fault("--dataset", f"a dataset that recipe {recipe.name} draws from", repr(id_))
        for id_ in sorted(set(named) - set(tasks))
    ]
    if faults:
        raise InputError(faults)


def _refuse_licences(
    recipe: Recipe, kept_out: dict[str, str], tasks: Collection[str], named: Collection[str]
) -> None:
    wanted = f"a licence that --allow {recipe.curate.allow} takes"
    if faults := [Fault(id_, wanted, kept_out[id_]) for id_ in sorted(named) if id_ in kept_out]:
        raise InputError(faults)
    if len(kept_out) == len(tasks):
        raise InputError(Fault(f"recipe {recipe.name}", wanted, "none of its datasets has one"))


def _refuse_other_data(
    registry: Registry, recipe: Recipe, tasks: Collection[str], data: Path
) -> None:
    # Who has raw data wants no sample corpus, even where the recipe draws from none of it.
    others = [id_ for id_ in registry if id_ not in tasks]
    rest = _locate(registry, others, lambda id_: data / id_)
    if have := [id_ for id_, found in rest.items() if found.state != "absent"]:
        raise MissingDataError(
            Fault(
                f"recipe {recipe.name}",
                f"raw data of a dataset it draws from in {data}",
                f"only that of {', '.join(have)}",
                "--samples builds from the bundled samples.",
            )
        )


def _locate(
    registry: Registry, ids: Collection[str], folder: Callable[[str], Path | None]
) -> dict[str, Located]:
    located: dict[str, Located] = {}
    faults: list[Fault] = []
    for id_ in ids:
        try:
            located[id_] = known.located(registry[id_], folder(id_), paths.cache_dir())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return located


def _refuse_missing(registry: Registry, located: dict[str, Located], origin: Origin, named: Collection[str],
                    *, strict: bool) -> None:  # fmt: skip
    faults = [
        missing(registry, found, origin)
        for id_, found in located.items()
        if (strict and found.state != "ready") or (found.state == "absent" and id_ in named)
    ]
    if faults:
        raise MissingDataError(faults)


def gather(sources: Sources, recipe: Recipe, run: Run, progress: Progress, protected: str | None = None
           ) -> list[Gathered]:  # fmt: skip
    """Normalise and curate every dataset that is there; `sources` forgets their files.

    Args:
        protected: folder of the index of what must not leak into the mix.

    Raises:
        SourceError: a file cannot be read as its format says; every such file is named.
    """
    chosen(recipe.curate.filters)
    there = {id_: found for id_, found in sources.located.items() if found.state != "absent"}
    whole = normalise_all(
        [Job(found, sources.origin, str(paths.cache_dir())) for found in there.values()],
        run,
        progress,
    )
    there = {id_: without_files(found) for id_, found in there.items()}
    sources.located |= there
    drawn = [
        (result, _parts(result, _drawn(there[result.dataset], recipe)))
        for result in with_splits(whole, there, recipe, run)
    ]
    held = [(result, _parts(result, _held(there[result.dataset], recipe))) for result, _ in drawn]
    cleaned = clean(drawn, there, recipe.curate, protected, run, progress, held)
    gathered = []
    for dataset, _ in drawn:
        id_ = dataset.dataset
        mine = cleaned.curated[id_]
        gathered.append(
            Gathered(
                there[id_].spec,
                there[id_],
                dataset,
                sources.tasks[id_],
                _drawn(there[id_], recipe),
                [curated.part for curated in mine],
                mine,
                cleaned.repeats.get(id_, []),
                cleaned.shared.get(id_, {}),
            )
        )
    return gathered


def _drawn(located: Located, recipe: Recipe) -> list[Split]:
    """Return the splits a recipe draws from: those it names, but for benchmarks."""
    splits = form(located).splits
    there = [split for split in splits if not splits[split].benchmark]
    return [
        split
        for split in [*there, *lacking(located, recipe.curate.splits)]
        if split in recipe.splits
    ]


def _held(located: Located, recipe: Recipe) -> list[Split]:
    """Return the test split of a dataset where it is not drawn from and its documents are to leave `train`."""
    drawn = "test" in _drawn(located, recipe)
    return (
        ["test"] if recipe.curate.protect.tests and not drawn and not unprotected(located) else []
    )


def unprotected(located: Located) -> str | None:
    """Return why the test split of a dataset keeps its documents out of no `train`; None if it does."""
    test = form(located).splits.get("test")
    return None if test is None else test.unprotected


def _parts(stored: StoredDataset, splits: list[Split]) -> list[Part]:
    return [part for part in stored.parts if part.split in splits]
