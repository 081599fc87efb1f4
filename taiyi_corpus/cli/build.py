"""`build`: write a corpus, and say what went into it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.export import Formats, MaxLength, Pack, TokenizerName
from taiyi_corpus.cli.fetch import DEFAULT_LOCK, LockFile
from taiyi_corpus.cli.options import (
    Allow,
    Data,
    Engine,
    Named,
    Protected,
    RayAddress,
    RecipeName,
    RegistryDirs,
    Samples,
    Seed,
    StageNumber,
    Strict,
    Workers,
    curated,
    recipe_of,
    registry_of,
)
from taiyi_corpus.cli.plan import SAMPLES, SAMPLES_ASKED, say_absent, say_groups
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.cli.voice import note, panel, say, table

if TYPE_CHECKING:
    from taiyi_corpus.export.manifest import Manifest


def build(
    stage: StageNumber = None,
    recipe: RecipeName = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder or address to write to; else out/<recipe>."
        ),
    ] = None,
    dataset: Named = None,
    data: Data = None,
    workers: Workers = 0,
    engine: Engine = "local",
    ray_address: RayAddress = None,
    samples: Samples = False,
    strict: Strict = False,
    seed: Seed = None,
    allow: Allow = None,
    protect: Protected = None,
    locked: Annotated[
        bool, typer.Option("--locked", help="Refuse to build from anything else than is locked.")
    ] = False,
    lock: LockFile = DEFAULT_LOCK,
    format: Formats = None,
    tokenizer: TokenizerName = None,
    max_length: MaxLength = 2048,
    pack: Pack = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write report.html, about a second's work.")
    ] = True,
    evaluation: Annotated[
        bool,
        typer.Option("--eval", help="Build the evaluation set instead: a file a benchmark."),
    ] = False,
    registry: RegistryDirs = None,
) -> None:
    """Build a corpus: Parquet shards, manifest, ledger of what was left out, dataset card, report.

    `--stage N` takes the recipe stageN, `--recipe R` the recipe R, both together R-stageN. What raw data there is
    is used and the rest is listed; without any, the bundled samples show how it works. Nothing is downloaded.

    \b
    Example:
      taiyi-corpus build --stage 1 --data ~/raw
      taiyi-corpus build --recipe tiny --samples --format alpaca
      taiyi-corpus build --eval
    """
    if evaluation:
        _evaluation(out, data, samples, strict, seed, workers, registry)
        return
    chosen = recipe_of(stage, recipe, registry)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    chosen = curated(chosen, allow, protect)
    folder = paths.existing_data_dir(data)
    known = registry_of(registry)

    from taiyi_corpus.export.report import HOW_TO_DRAW, can_draw
    from taiyi_corpus.export.tokenizer import find_tokenizer
    from taiyi_corpus.fetch.lock import read_lock
    from taiyi_corpus.pipeline.build import build as built
    from taiyi_corpus.pipeline.extras import Extras

    if tokenizer is not None:  # what counts the tokens that are written counts those of the budget
        chosen = chosen.model_copy(update={"tokenizer": str(find_tokenizer(tokenizer))})
    extras = Extras(tuple(format or ()), tokenizer, max_length, pack, report and can_draw())
    as_locked = read_lock(lock, required=True) if locked else None
    with Bars() as bars:
        made = built(
            known, chosen, folder, out or Path("out") / chosen.name, workers=workers,
            samples=samples, strict=strict, named=dataset or (), locked=as_locked,
            extras=extras, progress=bars, run_on=engine, address=ray_address,
        )  # fmt: skip
    _report(made.manifest)
    if made.manifest.origin == "sample":
        panel(SAMPLES_ASKED if samples else SAMPLES, "SAMPLES, NOT DATA", "red")
    if report and not can_draw():
        note(f"No report.html: {HOW_TO_DRAW}")
    say()
    say(f"{made.manifest.rows:,} rows in {made.path}", "bold")
    say(f'datasets.load_dataset("parquet", data_dir="{made.path}/data")')


def _evaluation(out: str | None, data: Path | None, samples: bool, strict: bool, seed: int | None, workers: int,
                registry: list[Path] | None) -> None:  # fmt: skip
    from taiyi_corpus.pipeline.evaluation import build_evaluation

    folder, target = paths.existing_data_dir(data), Path(out or "out/eval")
    with Bars() as bars:
        made = build_evaluation(
            registry_of(registry), folder, target, workers=workers, samples=samples, strict=strict,
            seed=seed or 0, progress=bars,
        )  # fmt: skip
    wanted, chosen = made.manifest.wanted, made.manifest.chosen
    table(
        ("benchmark", "records", "rows"),
        ((id_, f"{wanted[id_]:,}", f"{chosen[id_]:,}") for id_ in wanted),
        right=("records", "rows"),
    )
    if made.manifest.origin == "sample":
        panel(SAMPLES_ASKED if samples else SAMPLES, "SAMPLES, NOT DATA", "red")
    say()
    say(f"{made.manifest.rows:,} rows in {made.path}", "bold")


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
    _report_leaks(made)
    say_groups(shortages(made.wanted, made.chosen))
    say_absent({id_: about["state"] for id_, about in made.datasets.items()})


def _report_leaks(made: Manifest) -> None:
    """Print dataset x benchmark of what was kept out because it is protected, and what a licence policy kept out.

    Test splits that are no benchmarks are one column; the manifest tells them apart.
    """
    leaks: dict[str, Counter[str]] = {}
    for id_, counted in made.curation.get("leaks", {}).items():
        leaks[id_] = Counter()
        for source, count in counted.items():
            leaks[id_]["test splits" if source.endswith("/test") else source] += count
    if leaks:
        sources = sorted({source for counts in leaks.values() for source in counts})
        say()
        table(
            ("protected records in", *sources),
            ((id_, *(f"{counts[s]:,}" for s in sources)) for id_, counts in leaks.items()),
            right=sources,
        )
    for id_, reason in made.curation.get("refused", {}).items():
        say(f"left out for its licence: {id_}: {reason}", "yellow")
