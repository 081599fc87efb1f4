"""Jobs as Ray tasks: the contract of the local engine, and the same bytes. `make ray` installs what is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from taiyi_corpus.engine import Run, engine
from taiyi_corpus.errors import Fault, InputError, WorkerError
from taiyi_corpus.export.manifest import read_manifest
from taiyi_corpus.remote import CACHE, MIRRORS
from tests.engine.test_local import die_at_two, die_the_first_time_at_two, refuse_two, square
from tests.pipeline.world import World, make_world, shards

pytest.importorskip("ray", reason="Ray is not installed: `make ray`")
pytestmark = pytest.mark.ray


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])  # of the workers, for `tests`
    with engine("ray", workers=2) as run:
        yield run


def test_results_come_in_the_order_of_the_jobs(run: Run) -> None:
    assert list(run(square, range(20))) == [n * n for n in range(20)]


def test_the_error_of_a_job_comes_out_as_it_was_raised(run: Run) -> None:
    with pytest.raises(InputError) as error:
        list(run(refuse_two, range(9)))

    assert type(error.value) is InputError
    assert error.value.faults == (Fault("job 2", "one", "two", "Try another."),)


def test_a_job_whose_worker_was_killed_is_done_again(run: Run, tmp_path: Path) -> None:
    jobs = [str(tmp_path / str(n)) for n in range(6)]
    assert list(run(die_the_first_time_at_two, jobs)) == jobs


def test_a_job_that_kills_every_worker_is_named(run: Run) -> None:
    with pytest.raises(WorkerError, match="at 2 "):
        list(run(die_at_two, range(5)))


def test_a_caller_that_stops_early_leaves_nothing_under_way(run: Run) -> None:
    results = run(square, range(50))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]

    assert list(run(square, [3])) == [9]


@pytest.mark.parametrize("flags", [(), ("kill",)])
def test_a_build_has_the_bytes_of_a_local_one(tmp_path: Path, flags: tuple[str, ...]) -> None:
    world: World = make_world(tmp_path / "world")
    made = world.build(tmp_path / "local")
    assert world.run(tmp_path / "ray", *flags, engine="ray", workers=2) == 0

    assert (tmp_path / "ray.lost").exists() == ("kill" in flags)
    assert shards(tmp_path / "ray") == shards(tmp_path / "local")
    assert read_manifest(tmp_path / "ray") == made


def test_a_build_at_addresses_has_the_bytes_of_a_local_one(tmp_path: Path) -> None:
    world: World = make_world(tmp_path / "world")
    world.build(tmp_path / "local")
    at = (tmp_path / "shared").as_uri()
    variables = {CACHE: f"{at}/cache", MIRRORS: str(tmp_path / "mirrors")}
    assert world.run(tmp_path / "ray", to=f"{at}/out", engine="ray", workers=2, **variables) == 0

    assert shards(tmp_path / "shared" / "out") == shards(tmp_path / "local")
