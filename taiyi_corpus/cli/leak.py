"""`leak`: whether a corpus holds what is protected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, Samples, registry_of
from taiyi_corpus.cli.voice import say, table

_SHOWN = 20


def leak(
    corpus: Annotated[
        Path,
        typer.Argument(metavar="BUILD_OR_FILE", show_default=False,
                       help="A build, or any Parquet, JSON or JSONL file, or a folder of them."),
    ],
    against: Annotated[
        list[str] | None,
        typer.Option("--against", metavar="ID|FILE",
                     help="Dataset (its test set), dataset/split, or file; repeatable. Else every benchmark there is."),
    ] = None,
    data: Data = None,
    samples: Samples = False,
    registry: RegistryDirs = None,
) -> None:  # fmt: skip
    """Look for protected texts in a corpus: by document id, whole text, runs of words. Exit code 1 if there are any.

    \b
    Example:
      taiyi-corpus leak out/stage1 --against bc5cdr --against my_test.jsonl
    """
    from taiyi_corpus.review.leak import leak as looked_for

    found = looked_for(
        registry_of(registry), corpus, paths.existing_data_dir(data), against or (), samples=samples
    )
    say(
        f"{found.rows:,} rows held against "
        + ", ".join(f"{name} ({n:,})" for name, n in found.sources.items())
    )
    if not found.found:
        say("nothing protected was found", "bold")
        return
    say()
    sources = sorted({source for counts in found.matrix.values() for source in counts})
    table(
        ("rows of", *sources),
        ((name, *(f"{counts.get(source, 0):,}" for source in sources)) for name, counts in found.matrix.items()),
        right=sources,
    )  # fmt: skip
    say()
    for one in found.found[:_SHOWN]:
        say(f"{one.where}  {one.reason}  {one.detail}")
    if len(found.found) > _SHOWN:
        say(f"... and {len(found.found) - _SHOWN:,} more")
    raise typer.Exit(1)
