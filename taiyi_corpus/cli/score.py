"""`score`: what a model's answers are worth against the gold of a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus.cli.options import RegistryDirs, one_of
from taiyi_corpus.cli.voice import note, say, table
from taiyi_corpus.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taiyi_corpus.score.report import Report
    from taiyi_corpus.spec.dataset import DatasetSpec


def score(
    predictions: Annotated[
        Path,
        typer.Argument(
            metavar="PREDICTIONS",
            help='JSON lines of {"id", "prediction"} or {"id", "messages"}.',
            show_default=False,
        ),
    ],
    against: Annotated[
        Path,
        typer.Option(
            "--against", metavar="BUILD", help="A build, a Parquet file or JSON lines of its rows."
        ),
    ],
    rules: Annotated[
        str,
        typer.Option("--rules", metavar="RULES", help="strict, or taiyi: those of its authors."),
    ] = "strict",
    undirected: Annotated[
        bool, typer.Option("--undirected", help="Both directions of a relation are right.")
    ] = False,
    bootstrap: Annotated[
        int,
        typer.Option(
            "--bootstrap", metavar="N", min=0, help="Resamples for the intervals; 0: none."
        ),
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the resamples.")] = 0,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all scores as JSON.")
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option("--markdown", metavar="FILE", help="Write all scores as Markdown."),
    ] = None,
    registry: RegistryDirs = None,
) -> None:
    """Score a model's answers against the gold of a build, per dataset and type, with bootstrap intervals.

    Answers are read back with the parser of the style that was asked for; what cannot be read counts as saying
    nothing, and is counted. A row without a prediction is wrong. Where a published score is known it stands beside.

    \b
    Example:
      taiyi-corpus score answers.jsonl --against out/eval --markdown scores.md
    """
    from taiyi_corpus.score.kinds import RULES
    from taiyi_corpus.score.published import published
    from taiyi_corpus.score.report import as_json, as_markdown
    from taiyi_corpus.score.rows import read_predictions, read_rows
    from taiyi_corpus.score.score import score as scored

    one_of("--rules", rules, RULES)
    rows = read_rows(against)
    found = read_predictions(predictions, {row["id"]: None for row in rows})
    specs = _specs({row["dataset"] for row in rows}, registry)
    report = scored(
        rows, found, specs, rules="taiyi" if rules == "taiyi" else "strict",
        undirected=undirected, samples=bootstrap, seed=seed,
    )  # fmt: skip
    _write(json, as_json(report))
    _write(markdown, as_markdown(report, published()))
    _print(report)


def _specs(ids: Iterable[str], registry: list[Path] | None) -> dict[str, DatasetSpec]:
    """Return the registry files of the datasets that have one: a build may hold others."""
    from taiyi_corpus import paths
    from taiyi_corpus.spec.registry import discover, load_registry

    dirs = paths.registry_dirs(registry or ())
    known = discover(dirs)
    wanted = [id_ for id_ in sorted(ids) if id_ in known]
    return dict(load_registry(dirs, wanted)) if wanted else {}


def _write(path: Path | None, text: str) -> None:
    if path is None:
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            Fault(str(path), "a file to write", error.strerror or str(error))
        ) from None


def _print(report: Report) -> None:
    from taiyi_corpus.score.published import published
    from taiyi_corpus.score.report import beside, summary, tables

    known = published()
    first = tables(report, known)[0]
    lines = []
    for cells, one in zip(first.rows, report.scores, strict=True):
        found = beside(one, known)
        numbers = ["-"] * len(known.columns) if found is None else [f"{n:.1f}" for n in found[1]]
        lines.append((*cells, *numbers))
    table(
        (*first.head, *known.columns),
        lines,
        right=("score", "rows", "missing", "unparsable", *known.columns),
        whole=("dataset", "task"),
    )
    for one in report.scores:
        for text in one.notes:
            note(f"{one.name}, {one.task}: {text}", "yellow")
    say()
    say(summary(report), "bold")
