"""Run one job in a process of its own; measure wall time, processor time and peak memory of it and its workers."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    wall: float
    cpu: float  # of all processes
    peak: float  # MiB of the largest process
    said: dict[str, Any]  # what the job printed


def run(job: str, *args: object, env: dict[str, str] | None = None) -> Run:
    """Run `python -m benchmarks.jobs JOB ARGS`, which prints one JSON object."""
    command = [sys.executable, "-m", "benchmarks.jobs", job, *map(str, args)]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, **(env or {})}
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    said = json.loads(out.splitlines()[-1])
    peak = max(used.ru_maxrss / 1024, said.get("peak", 0.0))
    return Run(time.perf_counter() - start, used.ru_utime + used.ru_stime, peak, said)


def median(runs: list[Run], value: Callable[[Run], float]) -> float:
    return statistics.median(map(value, runs))


def interleaved(repeat: int, *jobs: Callable[[], Run]) -> list[list[Run]]:
    """Run jobs in turn, `repeat` times, so that whatever else the machine does hits all of them."""
    results: list[list[Run]] = [[] for _ in jobs]
    for _ in range(repeat):
        for job, mine in zip(jobs, results, strict=True):
            mine.append(job())
    return results


def machine() -> str:
    """Return a line on the machine and how busy it is."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores of {model}, {memory / 2**20:.0f} GiB, Python {platform.python_version()},"
        f" {platform.system()}; load average when it began {load:.1f}"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
