"""Run a pure function over jobs, as tasks of a Ray cluster or of Ray on this machine.

The contract is that of the local engine: the same functions, results in the order of the jobs. Tasks are submitted a
few at a time; Ray itself runs those again whose worker or machine is lost. The files that jobs name must be where every
machine of the cluster sees them: a shared folder.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar

from taiyi_corpus.engine.names import name_of
from taiyi_corpus.errors import Fault, InputError, WorkerError
from taiyi_corpus.remote import settings

J = TypeVar("J")
R = TypeVar("R")
RETRIES = 3  # times a task is done again whose worker or machine is lost
_UNDER_WAY = 2  # tasks submitted for each processor


class RayTasks:
    """A connection to Ray, for a whole build. What is started here ends with it; a cluster stays as it is."""

    def __init__(self, workers: int, address: str | None = None) -> None:
        try:
            import ray
        except ImportError:
            hint = "Install it with: pip install 'taiyi-corpus[ray]'"
            raise InputError(Fault("--engine", "Ray for the engine `ray`", "none", hint)) from None
        self._ray: Any = ray
        self._workers, self._address = workers, address

    def __enter__(self) -> RayTasks:
        # Ray phones home unless told not to, and a build touches no network but the cluster's.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if not self._ray.is_initialized():
            own: dict[str, Any] = {
                "address": self._address,
                "runtime_env": {"env_vars": settings()},
            }
            if self._address is None:
                own = {"address": "local", "num_cpus": self._workers, "include_dashboard": False}
            try:
                self._ray.init(log_to_driver=False, logging_level="error", **own)
            except (ConnectionError, ValueError) as error:
                where = "--ray-address"
                raise InputError(
                    Fault(where, "a Ray cluster", f"{self._address}: {error}")
                ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ray.shutdown()

    def run(self, function: Callable[[J], R], jobs: Sequence[J]) -> Iterator[R]:
        """Yield `function(job)` for each job, in order.

        Raises:
            WorkerError: a task lost its worker or machine more often than it is retried.
            Exception: whatever the first failing job raised; the jobs after it are abandoned.
        """
        task = self._ray.remote(num_cpus=1, max_retries=RETRIES)(_packed)
        window = _UNDER_WAY * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        under_way: list[Any] = []
        try:
            for number, job in enumerate(jobs):
                while len(under_way) < min(window, len(jobs) - number):
                    under_way.append(task.remote(function, jobs[number + len(under_way)]))
                yield self._result(under_way.pop(0), job)
        finally:
            for left in under_way:
                self._ray.cancel(left, force=False)
            if under_way:
                # Waited for: a task under way writes files, and the caller is about to remove its folder.
                self._ray.wait(under_way, num_returns=len(under_way), timeout=60)

    def _result(self, reference: Any, job: Any) -> Any:
        lost = self._ray.exceptions
        try:
            return pickle.loads(self._ray.get(reference))
        except lost.RayTaskError as error:
            raise error.cause from None  # as the job raised it
        except lost.RayError as error:
            kind = type(error).__name__
            raise WorkerError(
                f"Ray lost its worker {RETRIES + 1} times at {name_of(job)} ({kind})"
            ) from None


def _packed(function: Callable[[J], R], job: J) -> bytes:
    # What Ray hands out shares its memory and cannot be written to; a result belongs to who asked for it.
    return pickle.dumps(function(job))
