"""`build`: write a corpus, and say what went into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.fetch import DEFAULT_LOCK, LockFile
from taiyi_corpus.cli.options import (
    Data,
    Named,
    RecipeName,
    RegistryDirs,
    Samples,
    Seed,
    StageNumber,
    Strict,
    Workers,
    recipe_of,
    registry_of,
)
from taiyi_corpus.cli.plan import SAMPLES, SAMPLES_ASKED, say_absent, say_groups
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.cli.voice import panel, say, table

if TYPE_CHECKING:
    from taiyi_corpus.export.manifest import Manifest


def build(
    stage: StageNumber = None,
    recipe: RecipeName = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write; else out/<recipe>.")
    ] = None,
    dataset: Named = None,
    data: Data = None,
    workers: Workers = 0,
    samples: Samples = False,
    strict: Strict = False,
    seed: Seed = None,
    locked: Annotated[
        bool, typer.Option("--locked", help="Refuse to build from anything else than is locked.")
    ] = False,
    lock: LockFile = DEFAULT_LOCK,
    registry: RegistryDirs = None,
) -> None:
    """Build a corpus: Parquet shards, manifest, ledger of what was left out, dataset card.

    `--stage N` takes the recipe stageN, `--recipe R` the recipe R, both together R-stageN. What raw data there is
    is used and the rest is listed; without any, the bundled samples show how it works. Nothing is downloaded.

    \b
    Example:
      taiyi-corpus build --stage 1 --data ~/raw
    """
    chosen = recipe_of(stage, recipe, registry)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    folder = paths.existing_data_dir(data)
    known = registry_of(registry)

    from taiyi_corpus.fetch.lock import read_lock
    from taiyi_corpus.pipeline.build import build as built

    as_locked = read_lock(lock, required=True) if locked else None
    with Bars() as bars:
        made = built(
            known, chosen, folder, out or Path("out") / chosen.name, workers=workers,
            samples=samples, strict=strict, named=dataset or (), locked=as_locked,
            progress=bars,
        )  # fmt: skip
    _report(made.manifest)
    if made.manifest.origin == "sample":
        panel(SAMPLES_ASKED if samples else SAMPLES, "SAMPLES, NOT DATA", "red")
    say()
    say(f"{made.manifest.rows:,} rows in {made.path}", "bold")
    say(f'datasets.load_dataset("parquet", data_dir="{made.path}/data")')


def _report(made: Manifest) -> None:
    """Print the closing table: dataset x task with rows in, kept, dropped by reason, instances, chosen."""
    from taiyi_corpus.review.plan import shortages

    table(
        ("dataset", "task", "rows", "kept", "instances", "chosen", "dropped"),
        (
            (
                funnel.dataset,
                funnel.task,
                f"{funnel.rows:,}",
                f"{funnel.kept:,}",
                f"{funnel.instances:,}",
                f"{funnel.chosen:,}",
                ", ".join(f"{why} {count:,}" for why, count in funnel.dropped.items()),
            )
            for funnel in made.counts
        ),
        right=("rows", "kept", "instances", "chosen"),
        whole=("dataset", "task"),
    )
    say_groups(shortages(made.wanted, made.chosen))
    say_absent({id_: about["state"] for id_, about in made.datasets.items()})
