"""The build, on one screen.

Choosing comes before rendering; work is split into parts and pure functions over them, so the bytes are the same on any
number of workers, and memory is bounded by a part and a shard.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from taiyi_corpus.curate.filters import chosen
from taiyi_corpus.engine.local import default_workers
from taiyi_corpus.export.card import card, contributors
from taiyi_corpus.export.citations import bibtex
from taiyi_corpus.export.manifest import Manifest, describe, manifest, write_manifest
from taiyi_corpus.export.staging import refuse_foreign, staging
from taiyi_corpus.fetch.lock import Lock, refuse_different
from taiyi_corpus.mix.check import check_recipe
from taiyi_corpus.pipeline.account import account
from taiyi_corpus.pipeline.clean import told
from taiyi_corpus.pipeline.extras import Extras, check_extras, write_extras
from taiyi_corpus.pipeline.gather import Gathered, Progress, Sources, find_sources, gather, silent
from taiyi_corpus.pipeline.select import Selected, select
from taiyi_corpus.pipeline.shield import find_shield, index_folder
from taiyi_corpus.pipeline.write import write_rows
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
           progress: Progress = silent) -> Draft:  # fmt: skip
    """Return what a build would choose, without rendering anything.

    Args:
        workers: processes; 0: one a processor where there is work for them.
        locked: refuse what differs from this lock file.

    Raises:
        InputError: the recipe or the data is wrong.
    """
    check_recipe(recipe, registry)
    sources = find_sources(registry, recipe, data, samples=samples, strict=strict, named=named)
    if locked is not None:
        refuse_different(locked, sources.located, sources.origin)
    chosen(recipe.curate.filters)
    shield = find_shield(registry, recipe.curate.protect, data, sources.origin, sources.located)
    workers = workers_for(sources, workers)
    protected = index_folder(shield)
    gathered = gather(sources, recipe, workers, progress, protected)
    return Draft(recipe, sources, gathered, select(gathered, recipe, workers, progress, registry))


def build(registry: Registry, recipe: Recipe, data: Path, out: Path, *, workers: int = 1, samples: bool = False,
          strict: bool = False, named: Collection[str] = (), locked: Lock | None = None, extras: Extras = NONE,
          progress: Progress = silent) -> Built:  # fmt: skip
    """Build a mix and write it to `out`, with what `extras` names besides.

    Raises:
        InputError: the recipe, the data or the output folder is wrong; nothing is written.
        LedgerError: the books do not add up; nothing is written.
    """
    refuse_foreign(out)
    check_extras(extras)
    draft = choose(registry, recipe, data, workers=workers, samples=samples, strict=strict, named=named,
                   locked=locked, progress=progress)  # fmt: skip
    sources, gathered, selected = draft.sources, draft.gathered, draft.selected
    with staging(out) as folder:
        processes = workers_for(sources, workers)
        written = write_rows(selected, recipe, folder, processes, progress)
        funnels = account(gathered, selected, folder / "ledger.parquet")
        stored = {of_one.spec.id: of_one.stored for of_one in gathered}
        datasets = {
            id_: describe(located.spec, located.state, located.variant, stored.get(id_))
            for id_, located in sources.located.items()
        }
        made = manifest(recipe, sources.origin, selected.plan, written.shards, funnels, datasets, written.styles,
                        written.lengths)  # fmt: skip
        made.curation = told({g.spec.id: g.curated for g in gathered}, {g.spec.id: g.shared for g in gathered},
                             sources.refused)  # fmt: skip
        (folder / "README.md").write_text(card(made, registry), encoding="utf-8")
        cited = bibtex(registry[id_] for id_ in contributors(made))
        (folder / "citations.bib").write_text(cited, encoding="utf-8")
        write_manifest(made, folder)
        write_extras(folder, made, registry, extras, processes)
    return Built(str(out), made)


def workers_for(sources: Sources, workers: int) -> int:
    """Return how many processes to use: so many, or for 0 as many as there are processors and work for them."""
    if workers:
        return workers
    files = {
        member.file
        for found in sources.located.values()
        for split in found.splits.values()
        for source in split
        for member in source.members
    }
    # What is small is done before a second process has started.
    small = sum(Path(file).stat().st_size for file in files) < _SMALL
    return 1 if small else default_workers()
