"""The build, on one screen.

Choosing comes before rendering; work is split into parts and pure functions over them, so the bytes are the same on any
number of workers, and memory is bounded by a part and a shard.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from taiyi_corpus.export.card import card
from taiyi_corpus.export.manifest import Manifest, describe, manifest, write_manifest
from taiyi_corpus.export.staging import refuse_foreign, staging
from taiyi_corpus.pipeline.account import account
from taiyi_corpus.pipeline.gather import Progress, find_sources, gather
from taiyi_corpus.pipeline.select import Selected, select
from taiyi_corpus.pipeline.write import write_rows
from taiyi_corpus.spec.recipe import Recipe, check_recipe
from taiyi_corpus.spec.registry import Registry


class Built(Struct, frozen=True):
    """A finished build: where it is, and its manifest."""

    path: str
    manifest: Manifest


def build(
    registry: Registry,
    recipe: Recipe,
    data: Path,
    out: Path,
    *,
    workers: int = 1,
    samples: bool = False,
    strict: bool = False,
    named: Collection[str] = (),
    progress: Progress = lambda *_: None,
) -> Built:
    """Build a mix and write it to `out`.

    Raises:
        InputError: the recipe, the data or the output folder is wrong; nothing is written.
        LedgerError: the books do not add up; nothing is written.
    """
    check_recipe(recipe, list(registry))
    refuse_foreign(out)
    sources = find_sources(registry, recipe, data, samples=samples, strict=strict, named=named)
    gathered = gather(sources, recipe, workers, progress)
    selected = select(gathered, recipe, workers, progress)
    with staging(out) as folder:
        shards, styles = write_rows(selected, recipe, folder, workers, progress)
        funnels = account(gathered, selected, folder / "ledger.parquet")
        stored = {data.spec.id: data.stored for data in gathered}
        datasets = {
            id_: describe(located.spec, located.state, located.variant, stored.get(id_))
            for id_, located in sources.located.items()
        }
        made = manifest(recipe, sources.origin, selected.plan, shards, funnels, datasets, styles)
        (folder / "README.md").write_text(card(made, registry), encoding="utf-8")
        write_manifest(made, folder)
    return Built(str(out), made)


def choose(registry: Registry, recipe: Recipe, data: Path, *, workers: int = 1, samples: bool = False,
           named: Collection[str] = (), progress: Progress = lambda *_: None) -> Selected:  # fmt: skip
    """Return what a build would choose, without rendering anything."""
    check_recipe(recipe, list(registry))
    sources = find_sources(registry, recipe, data, samples=samples, named=named)
    return select(gather(sources, recipe, workers, progress), recipe, workers, progress)
