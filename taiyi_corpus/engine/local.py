"""Run a pure function over jobs, in processes of this machine.

Results come in the order of the jobs, whatever the number of workers, so nothing downstream can depend on it. Tables
never pass through pipes: a job writes files and returns a small summary.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from taiyi_corpus.errors import WorkerError

J = TypeVar("J")
R = TypeVar("R")


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[J], R], jobs: Sequence[J], workers: int) -> Iterator[R]:
    """Yield `function(job)` for each job, in order. One worker runs in this process.

    Workers are fresh interpreters that import the main module, so a script that uses more than one does its work
    under `if __name__ == "__main__":`.

    Raises:
        WorkerError: a worker was killed.
        Exception: whatever the first failing job raised; the jobs after it are abandoned.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from map(function, jobs)
        return
    # Threads of Arrow do not survive a fork, so workers start fresh.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(jobs)), mp_context=context, initializer=_start
    ) as pool:
        with _interrupts_held():
            futures = [pool.submit(function, job) for job in jobs]
        try:
            for future in futures:
                yield future.result()
        except BrokenProcessPool:
            raise WorkerError(
                "a worker process ended abruptly; where memory is short, fewer workers need less of it"
            ) from None
        except BaseException:
            # Waited for: a job under way writes files, and the caller is about to remove its folder.
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers start: they inherit that until they can leave quietly."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start() -> None:
    # Ctrl-C reaches every process: this one speaks, the workers just go.
    signal.signal(signal.SIGINT, _leave)
    if hasattr(signal, "pthread_sigmask"):
        if signal.SIGINT in signal.sigpending():
            os._exit(130)  # an exception here would be told as a fault of the pool
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    # What is imported stays: the collector need not look at it again and again.
    gc.freeze()


def _leave(*_: object) -> None:
    raise SystemExit(130)
