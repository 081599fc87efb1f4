"""The build, on one screen.

Choosing comes before rendering; work is split into parts and pure functions over them, so the bytes are the same on any
number of workers, and memory is bounded by a part and a shard.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.curate.filters import chosen
from taiyi_corpus.engine import Run, engine
from taiyi_corpus.engine.local import default_workers
from taiyi_corpus.export.card import card, contributors
from taiyi_corpus.export.citations import bibtex
from taiyi_corpus.export.destination import destination
from taiyi_corpus.export.manifest import Manifest, describe, manifest, write_manifest
from taiyi_corpus.export.staging import staging
from taiyi_corpus.fetch.lock import Lock, refuse_different
from taiyi_corpus.mix.check import check_recipe
from taiyi_corpus.pipeline.account import account
from taiyi_corpus.pipeline.clean import told
from taiyi_corpus.pipeline.extras import Extras, check_extras, write_extras
from taiyi_corpus.pipeline.gather import (
    Gathered,
    Progress,
    Sources,
    find_sources,
    gather,
    silent,
    unprotected,
)
from taiyi_corpus.pipeline.scores import write_scores
from taiyi_corpus.pipeline.select import Selected, select
from taiyi_corpus.pipeline.shield import find_shield, index_folder
from taiyi_corpus.pipeline.write import Written, write_rows
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import Registry

_SMALL = 10_000_000  # bytes of sources
NONE = Extras()


class Built(Struct, frozen=True):
    """A finished build: where it is, and its manifest."""

    path: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything known of a build before anything is rendered."""

    recipe: Recipe
    sources: Sources
    gathered: list[Gathered]
    selected: Selected


def choose(registry: Registry, recipe: Recipe, data: Path, *, workers: int = 1, samples: bool = False,
           strict: bool = False, named: Collection[str] = (), locked: Lock | None = None,
           progress: Progress = silent, run_on: str = "local", address: str | None = None) -> Draft:  # fmt: skip
    """Return what a build would choose, without rendering anything; arguments are those of `build`.

    Raises:
        InputError: the recipe or the data is wrong.
    """
    processes = workers_for(registry, recipe, data, workers, samples, named)
    with engine(run_on, processes, address, _load) as run:
        sources = _sources(registry, recipe, data, samples, strict, named, locked)
        return _draft(registry, recipe, data, sources, run, progress)


def _sources(registry: Registry, recipe: Recipe, data: Path, samples: bool, strict: bool, named: Collection[str],
             locked: Lock | None) -> Sources:  # fmt: skip
    check_recipe(recipe, registry)
    sources = find_sources(registry, recipe, data, samples=samples, strict=strict, named=named)
    if locked is not None:
        refuse_different(locked, sources.located, sources.origin)
    chosen(recipe.curate.filters)
    return sources


def _draft(registry: Registry, recipe: Recipe, data: Path, sources: Sources, run: Run, progress: Progress
           ) -> Draft:  # fmt: skip
    protect = recipe.curate.protect
    protected = index_folder(
        find_shield(registry, protect, data, sources.origin, sources.located), run, progress
    )
    gathered = gather(sources, recipe, run, progress, protected)
    return Draft(recipe, sources, gathered, select(gathered, recipe, run, progress, registry))


def build(registry: Registry, recipe: Recipe, data: Path, out: Path | str, *, workers: int = 1, samples: bool = False,
          strict: bool = False, named: Collection[str] = (), locked: Lock | None = None, extras: Extras = NONE,
          progress: Progress = silent, run_on: str = "local", address: str | None = None) -> Built:  # fmt: skip
    """Build a mix and write it to `out`, with what `extras` names besides.

    Args:
        out: a folder, or an address that fsspec writes to.
        workers: processes; 0: one a processor where there is work for them.
        locked: refuse what differs from this lock file.
        run_on: the engine: `local` (processes) or `ray`.
        address: of a Ray cluster that is there.

    Raises:
        InputError: the recipe, the data or the output folder is wrong; nothing is written.
        LedgerError: the books do not add up; nothing is written.
        WorkerError: what a worker was doing killed it twice; nothing is written.
    """
    check_extras(extras)
    processes = workers_for(registry, recipe, data, workers, samples, named)
    with ExitStack() as opened:
        # Workers start while files are looked for.
        run = opened.enter_context(engine(run_on, processes, address, _load))
        sources = _sources(registry, recipe, data, samples, strict, named, locked)
        # Files a killed worker left in the staging folder go with it: a part or shard is written anew under its name.
        # The folder is around the engine: who writes into it has ended when it goes.
        with destination(out) as place, staging(place) as folder:
            with opened.pop_all():
                draft = _draft(registry, recipe, data, sources, run, progress)
                written = write_rows(draft.selected, recipe, folder, run, progress)
            # The workers have gone, and their memory with them, when the books are written.
            made = _write_books(registry, recipe, sources, draft, written, folder)
            write_extras(folder, made, registry, extras, processes)
    return Built(str(out), made)


def _write_books(registry: Registry, recipe: Recipe, sources: Sources, draft: Draft, written: Written, folder: Path
                 ) -> Manifest:  # fmt: skip
    gathered, selected = draft.gathered, draft.selected
    funnels = account(gathered, selected, folder / "ledger.parquet")
    if recipe.curate.scores:
        write_scores(gathered, folder / "scores.parquet")
    stored = {of_one.spec.id: of_one.stored for of_one in gathered}
    datasets = {
        id_: describe(located.spec, located.state, located.variant, stored.get(id_))
        for id_, located in sources.located.items()
    }
    made = manifest(recipe, sources.origin, selected.plan, written.shards, funnels, datasets, written.styles,
                    written.lengths, written.fallbacks)  # fmt: skip
    made.curation = told({g.spec.id: g.curated for g in gathered}, {g.spec.id: g.shared for g in gathered},
                         sources.refused,
                         {g.spec.id: why for g in gathered if (why := unprotected(g.located))})  # fmt: skip
    (folder / "README.md").write_text(card(made, registry), encoding="utf-8")
    cited = bibtex(registry[id_] for id_ in contributors(made))
    (folder / "citations.bib").write_text(cited, encoding="utf-8")
    write_manifest(made, folder)
    return made


def workers_for(registry: Registry, recipe: Recipe, data: Path, workers: int, samples: bool,
                named: Collection[str] = ()) -> int:  # fmt: skip
    """Return how many processes to use: so many, or for 0 as many as there are processors and work for them."""
    if workers or samples:
        return workers or 1
    if remote.is_mirror(data):
        return default_workers()
    size = 0
    for id_ in named or [id_ for id_, spec in registry.items() if recipe.tasks_of(spec)]:
        for file in filter(Path.is_file, (data / id_).rglob("*")):
            size += file.stat().st_size
            if size >= _SMALL:
                return default_workers()
    return 1  # what is small is done before a second process has started


def _load() -> None:
    """Do nothing: who looks for this function has loaded what the jobs of a build need."""
