"""Progress on stderr: a bar a stage on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# What a stage counts.
_UNITS = {
    "check": "datasets",
    "protect": "datasets",
    "normalise": "datasets",
    "curate": "parts",
    "survey": "parts",
    "candidates": "parts",
    "render": "parts",
    "write": "shards",
    "upload": "files",
}
_EVERY = 10.0  # seconds between lines of a stage that takes long


class Bars:
    """Shows (stage, done, total) as it is called; is what the library takes as `progress`."""

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._stages: dict[str, TaskID] = {}
        self._said = 0.0

    def __enter__(self) -> Bars:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            self._bars = Progress(
                TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(),
                TextColumn("{task.fields[unit]}"), TimeElapsedColumn(), console=Console(stderr=True),
            )  # fmt: skip
            self._bars.start()
        self._said = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        unit = _UNITS.get(what, "")
        if self._bars is not None:
            if what not in self._stages:
                self._stages[what] = self._bars.add_task(what, total=total, unit=unit)
            self._bars.update(self._stages[what], completed=done, total=total)
            return
        now = time.monotonic()
        if done == total or now - self._said >= _EVERY:
            self._said = now
            print(f"{what}: {done} of {total} {unit}".rstrip(), file=sys.stderr, flush=True)
