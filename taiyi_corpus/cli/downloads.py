"""Progress of downloads on stderr: a bar a file under way on a terminal, a line a dataset elsewhere."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def bytes_shown(count: int) -> str:
    """Return a number of bytes as people say it: 934 bytes, 5.3 MB."""
    from rich.filesize import decimal

    return decimal(count)


class Downloads:
    """Shows (file, bytes done, bytes in all) as it is called; files are named "<dataset>/<path>"."""

    def __init__(self, datasets: int) -> None:
        self._datasets = datasets
        self._done = 0
        self._bars: Progress | None = None
        self._files: dict[str, TaskID] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Downloads:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                DownloadColumn,
                Progress,
                TextColumn,
                TransferSpeedColumn,
            )

            self._bars = Progress(
                TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(),
                TransferSpeedColumn(), console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` bytes of a file are there."""
        if self._bars is None:
            return
        with self._guard:
            if what not in self._files:
                self._files[what] = self._bars.add_task(what, total=total)
            self._bars.update(self._files[what], completed=done, total=total)

    def finished(self, id_: str) -> None:
        """Show that a dataset is done."""
        self._done += 1
        if self._bars is None:
            print(
                f"fetch: {self._done} of {self._datasets} datasets, {id_}",
                file=sys.stderr,
                flush=True,
            )
            return
        with self._guard:
            for what in [what for what in self._files if what.startswith(f"{id_}/")]:
                self._bars.remove_task(self._files.pop(what))
