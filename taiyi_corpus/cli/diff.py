"""`diff`: what changed between two builds, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taiyi_corpus.cli.voice import say, shortened, table


def diff(
    before: Annotated[
        Path, typer.Argument(metavar="BUILD_A", help="Folder of the one build.", show_default=False)
    ],
    after: Annotated[
        Path,
        typer.Argument(metavar="BUILD_B", help="Folder of the other build.", show_default=False),
    ],
) -> None:
    """Tell what changed from one build to another, and why: recipe, data, registry, adapters, templates, versions.

    \b
    Example:
      taiyi-corpus diff out/stage1 out/stage1-new
    """
    from taiyi_corpus.review.diff import diff as compared

    found = compared(before, after)
    if found.changes:
        say("made from", "bold")
        table(
            ("cause", "what", "before", "after"),
            (
                (c.cause, c.what, shortened(c.before, 100), shortened(c.after, 100))
                for c in found.changes
            ),
            whole=("cause",),
        )
        say()
    if found.counts:
        say("rows", "bold")
        table(
            ("dataset", "task", "language", "before", "after", "change", "because of"),
            (
                (
                    c.dataset,
                    c.task,
                    c.language,
                    f"{c.before:,}",
                    f"{c.after:,}",
                    f"{c.after - c.before:+,}",
                    ", ".join(c.because) or "-",
                )
                for c in found.counts
            ),
            right=("before", "after", "change"),
            whole=("dataset", "task"),
        )
        say()
    a, b = found.rows
    same = "the same bytes" if found.same_bytes else "other bytes"
    say(f"{a:,} rows, then {b:,}: {same}", "bold")
