"""Jobs in processes: in order, errors as they were raised, no process left."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from taiyi_corpus.engine.local import default_workers, run
from taiyi_corpus.errors import Fault, InputError, WorkerError


def square(number: int) -> int:
    return number * number


def process(number: int) -> int:
    return os.getpid()


def refuse_two(number: int) -> int:
    if number == 2:
        raise InputError(Fault("job 2", "one", "two", "Try another."))
    return number


def die_at_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    assert list(run(square, range(5), workers)) == [0, 1, 4, 9, 16]


def test_one_worker_or_one_job_runs_here() -> None:
    assert set(run(process, range(3), 1)) == set(run(process, [0], 8)) == {os.getpid()}


def test_workers_are_other_processes() -> None:
    assert os.getpid() not in set(run(process, range(3), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_job_comes_out_as_it_was_raised(workers: int) -> None:
    results = run(refuse_two, range(50), workers)
    with pytest.raises(InputError) as error:
        list(results)

    assert error.value.faults == (Fault("job 2", "one", "two", "Try another."),)
    assert multiprocessing.active_children() == []


def test_a_worker_that_is_killed_is_named_as_such() -> None:
    with pytest.raises(WorkerError, match="fewer workers"):
        list(run(die_at_two, range(5), 2))


def test_a_caller_that_stops_early_leaves_no_process() -> None:
    results = run(square, range(50), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]

    assert multiprocessing.active_children() == []


def test_there_is_at_least_one_processor() -> None:
    assert default_workers() >= 1
