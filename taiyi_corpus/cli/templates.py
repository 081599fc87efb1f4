"""`templates list|lint|preview`: the instruction templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.options import Data, RegistryDirs, registry_of
from taiyi_corpus.cli.voice import note, say_faults, table


def list_() -> None:
    """List the templates: wordings of each form, system texts and answer styles, by task and language.

    \b
    Example:
      taiyi-corpus templates list
    """
    from taiyi_corpus.review.wordings import inventory

    table(
        ("task", "language", "wordings", "systems", "styles"),
        (
            (
                found.task,
                found.language,
                ", ".join(f"{form} {count}" for form, count in found.wordings.items()) or "-",
                str(found.systems),
                " ".join(found.styles),
            )
            for found in inventory()
        ),
        right=("systems",),
        whole=("task", "language"),
    )


def lint(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Folder with en/ and zh/; else the shipped one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look for what is wrong with template files, each beside its twin in the other language.

    \b
    Example:
      taiyi-corpus templates lint my-templates
    """
    from taiyi_corpus.errors import Fault, InputError
    from taiyi_corpus.instruct.lint import lint_folder
    from taiyi_corpus.traces.prompts import lint as lint_prompts

    place = folder or paths.bundled("templates")
    files = sorted(place.glob("*/*.yaml"))
    if not files:
        raise InputError(
            Fault(str(place), "template files, en/<task>.yaml and zh/<task>.yaml", "none")
        )
    prompts = sorted(place.glob("*/traces/*.yaml"))
    if faults := lint_folder(place) + (lint_prompts(place) if prompts else []):
        say_faults(faults)
        raise typer.Exit(1)
    note(f"{len(files) + len(prompts)} template files, no fault")


def preview(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="A task, such as ner.", show_default=False)
    ],
    dataset: Annotated[
        str | None, typer.Option("--dataset", metavar="ID", help="Ask a record of this dataset.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", metavar="FORM", help="This form of the task.")
    ] = None,
    wording: Annotated[
        int | None, typer.Option("--wording", metavar="N", help="This wording, counted from 0.")
    ] = None,
    style: Annotated[
        str | None, typer.Option("--style", metavar="STYLE", help="This answer style.")
    ] = None,
    data: Data = None,
    registry: RegistryDirs = None,
) -> None:
    """Show a wording and an answer style on a record, in English and in Chinese.

    \b
    Example:
      taiyi-corpus templates preview ner --wording 3 --style json
    """
    from taiyi_corpus.cli.preview import print_instance
    from taiyi_corpus.review.wordings import in_both_languages

    known = registry_of(registry, [dataset] if dataset else None)
    for instance in in_both_languages(
        known, task, paths.existing_data_dir(data), dataset=dataset, form=form, wording=wording, style=style
    ):  # fmt: skip
        print_instance(instance)
