"""In which order jobs are handed out: the largest first, so that no worker is left with one of them at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from taiyi_corpus.engine import Run

J = TypeVar("J")
R = TypeVar("R")


def largest_first(
    run: Run, function: Callable[[J], R], jobs: Sequence[J], files: Sequence[str], done: Callable[[int], None]
) -> list[R]:  # fmt: skip
    """Return the results of jobs, in the order of the jobs.

    Args:
        files: that the jobs read; the largest file is the largest job. One on another machine has no size.
        done: told how many are done each time there is one more.
    """
    sizes = [Path(file).stat().st_size if Path(file).exists() else 0 for file in files]
    order = sorted(range(len(jobs)), key=lambda at: -sizes[at])
    results: dict[int, R] = {}
    for at, result in zip(order, run(function, [jobs[at] for at in order]), strict=True):
        results[at] = result
        done(len(results))
    return [results[at] for at in range(len(jobs))]
