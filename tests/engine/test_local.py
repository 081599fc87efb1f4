"""Jobs in processes: in order, errors as they were raised, no process left."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from taiyi_corpus.engine.local import Pool, default_workers, run
from taiyi_corpus.engine.worker import Interrupt
from taiyi_corpus.errors import Fault, InputError, WorkerError


def square(number: int) -> int:
    return number * number


def process(number: int) -> int:
    return os.getpid()


def refuse_two(number: int) -> int:
    if number == 2:
        raise InputError(Fault("job 2", "one", "two", "Try another."))
    return number


def makes_pandas_known(number: int) -> bool:
    pa.array(["a list, which Arrow asks pandas about"])
    return "pandas" in sys.modules


def allocator(number: int) -> tuple[str, str | None]:
    return pa.default_memory_pool().backend_name, os.environ.get("MALLOC_ARENA_MAX")


def import_pandas(number: int) -> list[int]:
    import pandas as pd

    return [int(pd.Series([number]).sum())]


def leave_a_trace(path: str) -> None:
    Path(path).touch()


def die_the_first_time_at_two(path: str) -> str:
    mark = Path(path).with_suffix(".tried")
    if path.endswith("2") and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path


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


def test_a_job_that_kills_its_worker_twice_is_named() -> None:
    with pytest.raises(WorkerError, match=r"twice, at 2;.* fewer workers"):
        list(run(die_at_two, range(5), 2))


def test_a_job_whose_worker_was_killed_is_done_again(tmp_path: Path) -> None:
    jobs = [str(tmp_path / str(n)) for n in range(6)]
    assert list(run(die_the_first_time_at_two, jobs, 2)) == jobs


def test_a_pool_outlives_the_death_of_an_idle_worker() -> None:
    with Pool(2) as pool:
        workers = set(pool.run(process, range(20)))
        for pid in workers:
            os.kill(pid, signal.SIGKILL)

        assert list(pool.run(square, range(5))) == [0, 1, 4, 9, 16]


def test_workers_start_once() -> None:
    with Pool(2) as pool:
        assert len({*pool.run(process, range(9)), *pool.run(process, range(9))}) <= 2


def test_memory_of_a_worker_goes_back_to_the_system_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ARROW_DEFAULT_MEMORY_POOL", "MALLOC_ARENA_MAX"):
        monkeypatch.delenv(name, raising=False)
    assert set(run(allocator, range(3), 2)) == {("system", "1")}
    assert "MALLOC_ARENA_MAX" not in os.environ

    monkeypatch.setenv("MALLOC_ARENA_MAX", "3")
    assert set(run(allocator, range(3), 2)) == {("system", "3")}


def test_no_more_than_a_few_jobs_are_under_way(tmp_path: Path) -> None:
    results = run(leave_a_trace, [str(tmp_path / str(n)) for n in range(200)], 2)
    next(results)
    time.sleep(0.5)

    assert len(list(tmp_path.iterdir())) <= 32
    results.close()  # type: ignore[attr-defined]


def test_the_collector_is_as_it_was() -> None:
    before = gc.get_threshold()
    list(run(square, range(3), 1))

    assert gc.get_threshold() == before


def test_a_caller_that_stops_early_leaves_no_process() -> None:
    results = run(square, range(50), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]

    assert multiprocessing.active_children() == []


def test_there_is_at_least_one_processor() -> None:
    assert default_workers() >= 1


def test_ctrl_c_ends_a_job_once_and_leaves_the_queues_alone() -> None:
    interrupt = Interrupt()
    interrupt()  # outside of a job, maybe while a result is handed over: only noted
    assert interrupt.heard
    interrupt = Interrupt()
    interrupt.at_work = True
    with pytest.raises(SystemExit):
        interrupt()
    interrupt()  # the clearing away goes on


# A worker interrupted, or killed, in the middle of handing over a result would hang the others.
_MANY = """
from taiyi_corpus.engine.local import Pool
from tests.engine.test_local import large

if __name__ == "__main__":
    with Pool(2) as pool:
        for number, _ in enumerate(pool.run(large, range(10_000_000))):
            if number == 10:
                print("under way", flush=True)
"""


def large(_: int) -> bytes:
    return bytes(50_000)


@pytest.mark.parametrize("wait", [0.0, 0.05, 0.1, 0.15, 0.2, 0.25])
def test_ctrl_c_ends_a_pool_of_many_small_jobs(wait: float, tmp_path: Path) -> None:
    script = tmp_path / "many.py"
    script.write_text(_MANY, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        try:
            assert process.wait(30) == -signal.SIGINT
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_arrow_takes_no_worker_to_pandas_and_a_job_may_all_the_same() -> None:
    pytest.importorskip("pandas")
    with Pool(2) as pool:
        assert list(pool.run(makes_pandas_known, [1, 2])) == [False, False]
        assert list(pool.run(import_pandas, [1, 2])) == [[1], [2]]
