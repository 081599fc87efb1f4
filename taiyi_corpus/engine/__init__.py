"""Engines: run pure functions over partitions.

An engine is opened for a whole build, so that its workers start once. Whichever it is, results come in the order of the
jobs and a job is a pure function of what it is given, so the bytes of a build are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar, get_args

from taiyi_corpus.engine.names import EngineName
from taiyi_corpus.errors import Fault, InputError, nearest

__all__ = ["ENGINES", "EngineName", "Run", "engine"]

J = TypeVar("J")
R = TypeVar("R")
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


class Run(Protocol):
    """Yield `function(job)` for each job, in order.

    Raises:
        WorkerError: what a worker was doing killed it twice.
        Exception: whatever the first failing job raised; the jobs after it are abandoned.
    """

    def __call__(self, function: Callable[[J], R], jobs: Sequence[J], /) -> Iterator[R]:
        """Run the jobs."""
        ...


@contextmanager
def engine(
    name: str = "local",
    workers: int = 1,
    address: str | None = None,
    load: Callable[[], object] | None = None,
) -> Iterator[Run]:
    """Open an engine by name: processes of this machine, or the tasks of a Ray cluster.

    Args:
        workers: jobs at once, on this machine.
        address: of a Ray cluster that is there; else Ray is started here.
        load: processes start at once and call this, while the caller has something else to do.

    Raises:
        InputError: no such engine, or what it needs is not installed.
    """
    if name not in ENGINES:
        raise InputError(Fault("--engine", "an engine", repr(name), nearest(name, ENGINES)))
    if name == "ray":
        from taiyi_corpus.engine.ray import RayTasks

        with RayTasks(workers, address) as tasks:
            yield tasks.run
        return
    if address is not None:
        wanted = "no address beside the engine `local`"
        raise InputError(Fault("--ray-address", wanted, address, "Add --engine ray."))
    from taiyi_corpus.engine.local import Pool

    with Pool(workers) as pool:
        if load is not None:
            pool.begin(load)
        yield pool.run
