"""`why`: what became of one record in a finished build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, registry_of
from taiyi_corpus.cli.voice import say, table

if TYPE_CHECKING:
    from taiyi_corpus.review.why import Why


def why(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="RECORD_ID", show_default=False,
            help="Id of a record or instance, or FILE:LINE of a broken row.",
        ),
    ],
    build: Annotated[
        Path | None, typer.Option("--build", metavar="DIR", help="Folder of the build; else the one below out.")
    ] = None,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:  # fmt: skip
    """Tell the path of a record through a build: where it came from, what it gave, what was left out and why.

    \b
    Example:
      taiyi-corpus why bc5cdr/train/90000001 --build out/stage1
    """
    from taiyi_corpus.review.why import find_build
    from taiyi_corpus.review.why import why as told

    folder = find_build(build)
    _print(told(registry_of(registry), id_, folder, paths.existing_data_dir(data)), folder)


def _print(found: Why, folder: Path) -> None:
    say(f"{found.id} in {folder}", "bold")
    kind = "bundled sample" if found.origin == "sample" else "raw data"
    say(f"  from {found.dataset} ({kind}, {found.state}): {', '.join(found.sources)}")
    if found.record is not None:
        say(f"  a record of the split {found.record.split}")
    for note in found.notes:
        say(f"  {note}", "yellow")
    say()
    if found.rows:
        say("gave these rows", "bold")
        table(
            ("id", "task", "template", "style", "shard"),
            ((row.id, row.task, row.template, row.style, row.shard) for row in found.rows),
            whole=("id",),
        )
    else:
        say("gave no row", "bold")
    if found.drops:
        say()
        say("left out", "bold")
        table(
            ("id", "what", "stage", "reason", "detail"),
            ((d.id, d.unit, d.stage, d.reason, d.detail) for d in found.drops),
            whole=("reason",),
        )
    if found.not_chosen:
        say()
        say("not chosen by the mix", "bold")
        for one in found.not_chosen:
            say(
                f"  {one.id}: the mix takes {one.quota:,} of {one.of:,}; this one stands at about place {one.place:,}"
            )
