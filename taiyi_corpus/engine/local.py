"""Run a pure function over jobs, in processes of this machine.

Results come in the order of the jobs, whatever the number of workers, so nothing downstream can depend on it. Tables
never pass through pipes: a job writes files and returns a small summary. Only few jobs are under way at a time; if a
worker is killed, those are done once more, each alone, and the one that kills its worker again is named.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import TracebackType
from typing import TypeVar

from taiyi_corpus.engine import worker
from taiyi_corpus.engine.names import name_of
from taiyi_corpus.errors import WorkerError

J = TypeVar("J")
R = TypeVar("R")
_AHEAD = 16  # jobs a worker may be ahead of the one whose result is awaited: results wait in memory
# Of a worker, unless the environment says otherwise. Arrow's own allocator keeps what a job frees, as do the arenas
# that malloc has for threads: memory would grow with the number of jobs.
_FRUGAL = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1"}


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[J], R], jobs: Sequence[J], workers: int) -> Iterator[R]:
    """Yield `function(job)` for each job, in order, with workers of its own; see `Pool.run`."""
    with Pool(workers) as pool:
        yield from pool.run(function, jobs)


class Pool:
    """Worker processes that start when there is work for two, or before, and stay until the pool is closed.

    Workers are fresh interpreters that import the main module, so a script that uses more than one does its work
    under `if __name__ == "__main__":`. One worker is this process.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def begin(self, load: Callable[[], object]) -> None:
        """Start the workers, while the caller has something else to do: each calls `load` when it is there."""
        for _ in range(self._workers if self._workers > 1 else 0):
            self._submit(_called, load)

    def run(self, function: Callable[[J], R], jobs: Sequence[J]) -> Iterator[R]:
        """Yield `function(job)` for each job, in order.

        Raises:
            WorkerError: a job ended its worker abruptly, and did so again.
            Exception: whatever the first failing job raised; the jobs after it are abandoned.
        """
        if self._workers <= 1 or len(jobs) <= 1:
            for job in jobs:
                with _collector_quiet():
                    result = function(job)
                yield result
            return
        try:
            yield from self._run(function, jobs)
        except BaseException:
            # Waited for: a job under way writes files, and the caller is about to remove its folder.
            self._close()
            raise

    def _run(self, function: Callable[[J], R], jobs: Sequence[J]) -> Iterator[R]:
        done: dict[int, Future[R]] = {}
        under_way: dict[Future[R], int] = {}
        submitted, failed = 0, False
        for wanted in range(len(jobs)):
            while wanted not in done:
                try:
                    ahead = min(len(jobs), wanted + _AHEAD * self._workers)
                    while not failed and submitted < ahead and len(under_way) < 2 * self._workers:
                        under_way[self._submit(function, jobs[submitted])] = submitted
                        submitted += 1
                    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in finished:
                        error = future.exception()
                        if isinstance(error, BrokenProcessPool):
                            raise error
                        failed = failed or error is not None
                        done[under_way.pop(future)] = future
                except BrokenProcessPool:
                    self._close()
                    for number in sorted(under_way.values()):
                        done[number] = self._alone(function, jobs[number])
                    under_way.clear()
            yield done.pop(wanted).result()

    def _submit(self, function: Callable[[J], R], job: J) -> Future[R]:
        with _interrupts_held(), _frugal():
            if self._executor is None:
                # Threads of Arrow do not survive a fork, so workers start fresh.
                context = multiprocessing.get_context("spawn")
                self._executor = ProcessPoolExecutor(
                    self._workers, mp_context=context, initializer=worker.start
                )
            return self._executor.submit(worker.do, function, job)

    def _alone(self, function: Callable[[J], R], job: J) -> Future[R]:
        """Do a job that a worker may have died of; nothing else runs, so a death is its own."""
        future = self._submit(function, job)
        wait([future])
        if isinstance(future.exception(), BrokenProcessPool):
            raise WorkerError(
                f"a worker process ended abruptly, twice, at {name_of(job)};"
                " where memory is short, fewer workers need less of it"
            ) from None
        return future

    def _close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _called(function: Callable[[], object]) -> None:
    function()


@contextmanager
def _collector_quiet() -> Iterator[None]:
    """Let the collector look seldom while a job runs in this process, and as before after it."""
    before = gc.get_threshold()
    gc.set_threshold(worker.SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _frugal() -> Iterator[None]:
    """Start workers whose memory goes back to the system when a job has ended."""
    added = {name: value for name, value in _FRUGAL.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers start: they inherit that until they can leave quietly."""
    if (
        not hasattr(signal, "pthread_sigmask")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    resource_tracker.ensure_running()  # its start lets interrupts through
    heard: list[int] = []
    handler = signal.getsignal(signal.SIGINT)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Another thread may take the signal, and the main one would hear of it all the same.
    signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if heard:
            signal.raise_signal(signal.SIGINT)
