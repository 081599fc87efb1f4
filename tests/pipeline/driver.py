"""Build in a process of its own: driver.py REGISTRY DATA OUT WORKERS ENGINE RECIPE [die | kill | full]."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from taiyi_corpus.export import shards
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.pipeline.gather import Progress, silent
from taiyi_corpus.remote import is_address
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry

ROOM = 8_000  # bytes: a spill file is larger, what is said of it is not


def die_in_the_second_shard() -> None:
    """Let this process be killed while half of a shard is written."""
    real = shards.pq.write_table

    def write_table(table: Any, path: Path, **options: Any) -> None:
        real(table, path, **options)
        if "-00001-of-" in Path(path).name:
            os.truncate(path, Path(path).stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    shards.pq.write_table = write_table


class Killer:
    """As progress is reported, kill one worker: as soon as half of the candidates are known."""

    def __init__(self) -> None:
        self.killed = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        if what == "candidates" and done >= total // 2 and not self.killed:
            self.killed = next(_workers())
            os.kill(self.killed, signal.SIGKILL)


class Filler:
    """As soon as rows are rendered, let no file of this process and its workers grow: a full disk to a writer."""

    def __call__(self, what: str, done: int, total: int) -> None:
        if what == "render":
            for process in (0, *_workers()):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (ROOM, ROOM))


def _workers() -> Iterator[int]:
    """Yield the processes that do jobs: our own, or those of the Ray that this process started."""
    yield from (child.pid for child in multiprocessing.active_children() if child.pid)
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                title = (folder / "cmdline").read_bytes()
                mine = f"RAY_TEST_RUN={os.environ.get('RAY_TEST_RUN')}".encode()
                if title.startswith(b"ray::_packed") and mine in (folder / "environ").read_bytes():
                    yield int(folder.name)


if __name__ == "__main__":
    registry, data, out, workers, engine, recipe, *flags = sys.argv[1:]
    if "die" in flags:
        die_in_the_second_shard()
    doing: Progress = silent
    if "kill" in flags:
        doing = Killer()
    elif "full" in flags:
        doing = Filler()
    build(
        load_registry([Path(registry)]),
        Recipe.model_validate(json.loads(recipe)),
        Path(data),
        out if is_address(out) else Path(out),
        workers=int(workers),
        run_on=engine,
        progress=doing,
    )
