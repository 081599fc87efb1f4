"""`plan`: what a build would choose, without rendering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from taiyi_corpus import paths
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
from taiyi_corpus.cli.progress import Bars
from taiyi_corpus.cli.voice import panel, say, table

if TYPE_CHECKING:
    from taiyi_corpus.review.plan import Line, Shortage

SAMPLES = (
    "There is no raw data, so the bundled samples are used: invented text that shows how things work."
    " Train nothing on it. `taiyi-corpus show ID` says where the data of a dataset is; --data DIR names the folder."
)
SAMPLES_ASKED = "The bundled samples are used, as asked for: invented text. Train nothing on it."


_HEAD = (
    "dataset", "task", "language", "available", "limit", "chosen", "share", "target", "repeats", "short of",
)  # fmt: skip


def plan(
    stage: StageNumber = None,
    recipe: RecipeName = None,
    dataset: Named = None,
    data: Data = None,
    samples: Samples = False,
    strict: Strict = False,
    seed: Seed = None,
    allow: Allow = None,
    protect: Protected = None,
    workers: Workers = 0,
    engine: Engine = "local",
    ray_address: RayAddress = None,
    registry: RegistryDirs = None,
) -> None:
    """Show what a build would choose: datasets, tasks, rows, shares and what is short. Nothing is written.

    \b
    Example:
      taiyi-corpus plan --stage 2
    """
    chosen = recipe_of(stage, recipe, registry)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    chosen = curated(chosen, allow, protect)
    folder = paths.existing_data_dir(data)

    from taiyi_corpus.pipeline.build import choose
    from taiyi_corpus.review.plan import lines, printed_rows, shortages

    with Bars() as bars:
        draft = choose(
            registry_of(registry), chosen, folder, workers=workers, samples=samples,
            strict=strict, named=dataset or (), progress=bars, run_on=engine, address=ray_address,
        )  # fmt: skip
    made = lines(draft)
    printed = printed_rows(chosen)
    table(
        [*_HEAD, "paper"] if printed else _HEAD,
        ([*_cells(line), *([_rows(line.printed)] if printed else [])] for line in made),
        right=(*_HEAD[3:], "paper"),
        whole=("dataset", "task"),
    )
    totals = draft.selected.plan
    say_groups(shortages(totals.wanted, totals.chosen, printed))
    if chosen.printed is not None:
        say(f"the paper prints a total of {chosen.printed:,}")
    say()
    tokens = sum(line.tokens for line in made)
    say(f"{totals.rows:,} rows, about {tokens:,} tokens without the wordings", "bold")
    say_absent({id_: located.state for id_, located in draft.sources.located.items()})
    if draft.sources.origin == "sample":
        panel(SAMPLES_ASKED if samples else SAMPLES, "SAMPLES, NOT DATA", "red")


def _cells(line: Line) -> list[str]:
    return [
        line.dataset, line.task, line.language, f"{line.available:,}", f"{line.limit:,}", f"{line.chosen:,}",
        f"{line.share:.1%}", f"{line.target:,}", _rows(line.repeats), _rows(line.short),
    ]  # fmt: skip


def _rows(count: int | None) -> str:
    return f"{count:,}" if count else "-"


def say_groups(groups: Sequence[Shortage]) -> None:
    """Print rows wanted, taken and lacking of each group of a recipe, beside what the paper prints."""
    head = ["group", "wanted", "chosen", "short of"]
    printed = any(group.printed is not None for group in groups)
    say()
    table(
        [*head, "paper"] if printed else head,
        (
            [
                g.group, f"{g.wanted:,}", f"{g.chosen:,}", _rows(g.short),
                *([_rows(g.printed)] if printed else []),
            ]
            for g in groups
        ),
        right=("wanted", "chosen", "short of", "paper"),
    )  # fmt: skip


def say_absent(states: Mapping[str, str]) -> None:
    """Print which datasets are not there, or not wholly."""
    for state in ("partial", "absent"):
        if ids := [id_ for id_, found in states.items() if found == state]:
            say()
            say(f"{state} ({len(ids)}): {', '.join(ids)}", "yellow")
    if any(state != "ready" for state in states.values()):
        say("`taiyi-corpus status` says what is missing, `taiyi-corpus show ID` where to get it.")
