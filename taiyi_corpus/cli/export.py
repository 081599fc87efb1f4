"""`export` and `report`: a finished build in the format of a trainer, as tokens, or as a page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus.cli.options import RegistryDirs, Workers, registry_of
from taiyi_corpus.cli.voice import note, say, table
from taiyi_corpus.errors import Fault, InputError

if TYPE_CHECKING:
    from taiyi_corpus.export.lengths import Lengths

_FORMATS = "messages, prompt-completion, alpaca, sharegpt or taiyi"
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format", metavar="FORMAT", help=f"Write this format besides: {_FORMATS}; repeatable."
    ),
]
TokenizerName = Annotated[
    str | None,
    typer.Option(
        "--tokenizer",
        metavar="PATH|ID",
        help="Write tokens: a tokenizer's folder, or a Hub id that was downloaded.",
    ),
]
MaxLength = Annotated[
    int, typer.Option("--max-length", metavar="L", min=1, help="Most tokens of a sequence.")
]
Pack = Annotated[bool, typer.Option("--pack", help="Pack rows into sequences of that length.")]
BuildFolder = Annotated[
    Path, typer.Argument(metavar="BUILD", help="Folder of a finished build.", show_default=False)
]


def export(
    build: BuildFolder,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where to write.", show_default=False)
    ],
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=f"{_FORMATS.capitalize()}.")
    ] = None,
    file_type: Annotated[
        str | None,
        typer.Option(
            "--file-type", metavar="TYPE", help="parquet or jsonl; else what suits the format."
        ),
    ] = None,
    tokenizer: TokenizerName = None,
    max_length: MaxLength = 2048,
    pack: Pack = False,
    workers: Workers = 1,
) -> None:
    """Export a finished build in the format of a trainer, or as tokens. Nothing is rendered again.

    \b
    Example:
      taiyi-corpus export out/stage1 --format sharegpt --out for-llamafactory
      taiyi-corpus export out/stage1 --tokenizer ./qwen --max-length 4096 --pack --out tokens
    """  # fmt: skip
    if (format is None) == (tokenizer is None):
        found = "neither" if format is None else "both"
        raise InputError(Fault("--format or --tokenizer", "one of them", found))
    if format is not None:
        from taiyi_corpus.export.convert import export as exported

        made = exported(build, format, out, file_type)
        for what, rows in made.left_out.items():
            note(
                f"{what.replace('_', ' ')} of {rows:,} rows left out: the format has no place for it"
            )
        say(f"{made.rows:,} rows in {out}, as {made.format}", "bold")
        return
    assert tokenizer is not None
    from taiyi_corpus.export.tokens import export_tokens

    told = export_tokens(build, tokenizer, out, max_length=max_length, pack=pack, workers=workers)
    say_lengths(told.lengths)
    if told.over_length:
        note(
            f"{told.over_length:,} rows over {max_length:,} tokens left out: {out}/ledger.parquet names them"
        )
    full = "" if told.fill is None else f", {told.fill:.1%} full"
    say(
        f"{told.rows:,} rows in {told.sequences:,} sequences{full}; {told.trained:,} of {told.tokens:,} tokens trained",
        "bold",
    )


def report(
    build: BuildFolder,
    scores: Annotated[
        list[Path] | None,
        typer.Option(
            "--scores", metavar="FILE", help="Show what `score --json` wrote; a file a model."
        ),
    ] = None,
    registry: RegistryDirs = None,
) -> None:
    """Write report.html into a finished build: one file with charts and samples, to open in a browser.

    \b
    Example:
      taiyi-corpus report out/stage1
      taiyi-corpus report out/eval --scores model-a.json --scores model-b.json
    """
    from taiyi_corpus.export.convert import open_build
    from taiyi_corpus.export.report.page import write_report
    from taiyi_corpus.export.report.scores import read_scores

    shown = read_scores(scores or ())
    written = write_report(build, open_build(build), registry_of(registry), shown)
    say(str(written), "bold")


def say_lengths(lengths: list[Lengths]) -> None:
    """Print how many rows are longer than the limits trainers cut at."""
    from taiyi_corpus.export.lengths import LIMITS

    heads = [f"over {limit:,}" for limit in LIMITS]
    table(
        ["task", "language", "rows", "mean", "longest", *heads],
        (
            [
                one.task, one.language, f"{one.rows:,}", f"{one.tokens / one.rows:,.0f}", f"{one.longest:,}",
                *(f"{over / one.rows:.1%}" for over in one.over),
            ]
            for one in lengths
        ),
        right=("rows", "mean", "longest", *heads),
        whole=("task",),
    )  # fmt: skip
