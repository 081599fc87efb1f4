"""`new`: draft the registry file of a dataset from its raw files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taiyi_corpus.cli.options import one_of
from taiyi_corpus.cli.voice import note, say
from taiyi_corpus.errors import Fault, InputError


def new(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", show_default=False, help="Raw files, or the folder that holds them."),
    ],
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Id of the dataset; else the name of the first file or folder."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="LANG", help="en, zh or en-zh; else what the texts look like."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write <ID>.yaml there; else it goes to stdout."),
    ] = None,
) -> None:  # fmt: skip
    """Draft the registry file of a dataset from its raw files.

    Reader, options, splits, columns, labels, language and task are guessed; what cannot be is marked FILL IN, and what
    is unsure is said. Afterwards `check` tells what is still wrong.

    \b
    Example:
      taiyi-corpus new my-data/sideeffects --out my-registry
    """
    from taiyi_corpus.review.draft import draft

    one_of("--language", language, ("en", "zh", "en-zh"))
    made = draft(files, id_=id_, language=language)
    for text in made.unsure:
        note(f"not sure: {text}")
    if out is None:
        say(made.text.removesuffix("\n"))
        return
    path = out / f"{made.id}.yaml"
    if path.exists():
        raise InputError(Fault(str(path), "no file yet", "one", "Name another --id, or remove it."))
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(made.text, encoding="utf-8")
    note(f"wrote {path}")
