"""Run one job in a process of its own; measure wall time, processor time and peak memory of it and its workers."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).parents[1]
_LOOK = 0.25  # seconds between two looks at the memory of the processes


class Run(Struct, frozen=True):
    """What one run of a job took."""

    wall: float
    cpu: float  # of all processes
    peak: float  # MiB of the largest process
    said: dict[str, Any]  # what the job printed
    together: float = 0.0  # MiB of all processes at once, what they share counted once


def run(job: str, *args: object) -> Run:
    """Run `python -m benchmarks.jobs JOB ARGS`, which prints one JSON object."""
    return measured([sys.executable, "-m", "benchmarks.jobs", job, *map(str, args)])


def measured(command: list[str]) -> Run:
    """Run a command whose last line is one JSON object; what it logs is shown only if it fails."""
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        memory = _Memory(process.pid)
        memory.start()
        out = process.stdout.read()
        memory.stop()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            errors = log.read().decode(errors="replace")
            raise SystemExit(f"{errors}{' '.join(command)} ended with {process.returncode}")
    said = json.loads(out.splitlines()[-1])
    peak = max(used.ru_maxrss / 1024, said.get("peak", 0.0))
    wall = time.perf_counter() - start
    return Run(wall, used.ru_utime + used.ru_stime, peak, said, memory.peak)


class _Memory(threading.Thread):
    """Looks at the memory of a process and its children, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._done = pid, threading.Event()
        self.peak = 0.0

    def run(self) -> None:
        while not self._done.wait(_LOOK):
            self.peak = max(self.peak, sum(map(_share, _family(self._pid))) / 1024)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from _family(int(child))


def _share(pid: int) -> int:
    """Return the KiB of a process, pages it shares with others divided among them."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def busy() -> float:
    """Return the seconds of processor time of this process and its children, with those that have ended."""
    ticks = 0
    for pid in _family(os.getpid()):
        with suppress(OSError):
            # user, system, and both of ended children: after the name, which may hold blanks
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Stages:
    """Progress of a build that notes seconds by stage: on the clock, and of the processors."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._began: dict[str, tuple[float, float]] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        wall, cpu = time.perf_counter(), busy()
        began = self._began.setdefault(what, (wall, cpu))
        if done == total:
            self.wall[what], self.cpu[what] = wall - began[0], cpu - began[1]


def median(runs: list[Run], value: Callable[[Run], float]) -> float:
    return statistics.median(map(value, runs))


def paired(first: list[Run], second: list[Run], value: Callable[[Run], float]) -> float:
    """Return the median of first / second over runs that followed each other."""
    return statistics.median(value(a) / value(b) for a, b in zip(first, second, strict=True))


def machine() -> str:
    """Return a line on the machine."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
                 platform.processor())  # fmt: skip
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return (
        f"{os.cpu_count()} cores of {model}, {memory / 2**20:.0f} GiB, Python {platform.python_version()},"
        f" {platform.system()}"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
