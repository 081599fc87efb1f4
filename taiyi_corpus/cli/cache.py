"""`cache`: what is kept of earlier builds, and throwing it away."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.cli.downloads import bytes_shown
from taiyi_corpus.cli.voice import note, plural, say, table


def ls() -> None:
    """List what is kept of earlier builds: results by kind, their size, when one was last used.

    \b
    Example:
      taiyi-corpus cache ls
    """
    from taiyi_corpus.review.cache import kinds

    folder = paths.cache_dir()
    found = kinds(folder)
    table(
        ("kind", "results", "size", "last used"),
        (
            (kind.kind, f"{kind.entries:,}", bytes_shown(kind.bytes), _day(kind.used))
            for kind in found
        ),
        right=("results", "size"),
    )
    note(f"{bytes_shown(sum(kind.bytes for kind in found))} in {folder}")


def gc(
    days: Annotated[
        float,
        typer.Option("--days", metavar="N", min=0, help="Remove what was not used for N days."),
    ] = 30,
) -> None:
    """Throw away results that no build used lately, and what killed processes left. Downloads stay.

    \b
    Example:
      taiyi-corpus cache gc --days 7
    """
    from taiyi_corpus.review.cache import collect

    removed = collect(paths.cache_dir(), days)
    say(f"removed {plural(len(removed), 'result')}, {bytes_shown(sum(e.bytes for e in removed))}")


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")
