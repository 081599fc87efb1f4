"""Build in a process of its own: driver.py REGISTRY DATA OUT WORKERS ENGINE[@ADDRESS] RECIPE [FLAG].

die      this process is killed while it writes a shard
kill     a worker is killed in the middle of the build; lose: a whole machine of the Ray cluster is
full     the disk is full as soon as rows are rendered
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
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
    real = shards.file_sha256

    def file_sha256(path: Path) -> str:
        if "-00001-of-" in path.name:
            os.truncate(path, path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path)

    shards.file_sha256 = file_sha256  # type: ignore[attr-defined]


class Killer:
    """As progress is reported, kill one worker: as soon as half of the candidates are known."""

    def __init__(self) -> None:
        self.killed = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        if what == "candidates" and done >= total // 2 and not self.killed:
            self.killed = _workers()[0]
            os.kill(self.killed, signal.SIGKILL)


def lose_while_looking_for_candidates(marker: Path, machine: bool) -> None:
    """Let the Ray worker that first looks for candidates be killed at it, with the machine it is on if so said."""
    from taiyi_corpus.engine import ray

    # Ray hands a function of the main module to its workers as it is.
    def packed(function: Callable[[Any], Any], job: Any) -> bytes:
        if function.__name__ == "find_candidates" and not marker.exists():
            marker.touch()
            if machine:
                os.kill(os.getppid(), signal.SIGKILL)  # the raylet: to the cluster, the machine
            os.kill(os.getpid(), signal.SIGKILL)
        return pickle.dumps(function(job))

    ray._packed = packed


class Filler:
    """As soon as rows are rendered, let no file of this process and its workers grow: a full disk to a writer."""

    def __call__(self, what: str, done: int, total: int) -> None:
        if what == "render":
            for process in (0, *_workers()):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (ROOM, ROOM))


def _workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid]


if __name__ == "__main__":
    registry, data, out, workers, engine, recipe, *flags = sys.argv[1:]
    if "die" in flags:
        die_in_the_second_shard()
    engine, _, address = engine.partition("@")
    doing: Progress = silent
    if engine == "ray" and flags:
        lose_while_looking_for_candidates(Path(f"{out}.lost"), "lose" in flags)
    elif "kill" in flags:
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
        address=address or None,
        progress=doing,
    )
