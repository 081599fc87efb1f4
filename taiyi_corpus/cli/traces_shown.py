"""What `traces` shows: how far it is, and what came of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from taiyi_corpus.cli.voice import note, say, table

if TYPE_CHECKING:
    from rich.progress import Progress

    from taiyi_corpus.traces.make import Made
    from taiyi_corpus.traces.rows import Read

_MOST = 20  # rejected records shown
_EVERY = 10.0  # seconds between lines where there is no terminal


class TracesBar:
    """Shows how many rows are done and the share accepted so far: a bar on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._said = time.monotonic()

    def __enter__(self) -> TracesBar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            shown = TextColumn("rows, {task.fields[rate]} accepted")
            self._bar = Progress(
                TextColumn("traces"), BarColumn(), MofNCompleteColumn(), shown, TimeElapsedColumn(),
                console=Console(stderr=True),
            )  # fmt: skip
            self._bar.add_task("traces", total=None, rate="-")
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, of: int, accepted: int) -> None:
        """Show that so many rows are done and accepted."""
        rate = f"{100 * accepted / done:.1f} %" if done else "-"
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=of, rate=rate)
        elif done and (done == of or time.monotonic() - self._said >= _EVERY):
            self._said = time.monotonic()
            note(f"traces: {done:,} of {of:,} rows, accepted so far: {rate}")


def say_made(made: Made, read: Read) -> None:
    """Print what a run came to."""
    report = made.report
    if made.torn:
        note("the last line of an earlier run was torn off; it is asked for again", "yellow")
    for left in [left for left in read.left if left.status == "rejected"][:_MOST]:
        note(f"rejected {left.id}: {left.reason}, {left.detail}", "yellow")
    table(
        ("label", "rows", "accepted", "share before", "share after"),
        (
            (
                name,
                f"{p.rows:,}",
                f"{p.accepted:,}",
                f"{100 * p.share_before:.1f} %",
                f"{100 * p.share_after:.1f} %",
            )
            for name, p in report.labels.items()
        ),
        right=("rows", "accepted", "share before", "share after"),
        whole=("label",),
    )
    for name in ("failed", "unfinished", "rejected", "skipped", "faults", "attempts"):
        if counts := getattr(report, name):
            say(f"{name}: {', '.join(f'{why} {count:,}' for why, count in counts.items())}")
    say(
        f"calls {made.calls:,}, replayed {made.replayed:,}, tokens {made.tokens:,}, cost {made.cost:.4f}"
    )
    if report.ended:
        note(f"ended early: {report.ended}; the same command goes on from here", "yellow")
    share = "-" if report.acceptance is None else f"{100 * report.acceptance:.1f} %"
    say(f"{report.accepted:,} of {report.rows:,} rows accepted ({share} of those finished)", "bold")
