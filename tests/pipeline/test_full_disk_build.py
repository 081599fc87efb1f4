"""A disk that fills up, a kill, a second build at once: the build that was there stays, and the fault says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.export.staging import staging
from tests.pipeline.world import World, shards

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and processes are Linux's")

WRITING = """
import sys, time
from pathlib import Path
from taiyi_corpus.export.staging import staging
with staging(Path(sys.argv[1])):
    print("writing", flush=True)
    time.sleep(60)
"""
# A build whose second worker sleeps in a job; it says which processes its workers are.
ORPHANS = """
import multiprocessing, time
from taiyi_corpus.engine.local import Pool
if __name__ == "__main__":
    with Pool(2) as pool:
        for _ in pool.run(time.sleep, [0.01] * 3):
            pids = [child.pid for child in multiprocessing.active_children()]
        print(*pids, flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_leaves_the_former_build(
    world: World, tmp_path: Path, workers: int, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    world.build(out, rows=20)
    before = shards(out)

    assert world.run(out, "full", workers=workers) == 1
    said = capfd.readouterr().err
    assert f"{out}: wanted room for what is written" in said
    assert "What was there before is as it was." in said
    assert shards(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache-out", "out"]


def test_a_full_disk_leaves_nothing_where_nothing_was(
    world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert world.run(tmp_path / "out", "full") == 1

    assert "Nothing was written." in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["cache-out"]


def test_of_two_builds_into_one_folder_the_second_is_refused(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    world.build(out, rows=20)
    before = shards(out)
    with staging(out):
        with pytest.raises(InputError) as error:
            world.build(out)
        assert shards(out) == before

    (fault,) = error.value.faults
    assert (fault.where, fault.found) == (str(out), "another build or export")
    assert "another place with --out" in fault.hint


def test_a_killed_build_holds_no_lock(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", WRITING, str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == "writing\n"
        with pytest.raises(InputError, match="another build or export"):
            world.build(out, rows=20)
        writing.kill()
    world.build(out, rows=20)

    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_workers_of_a_killed_build_end_with_it(tmp_path: Path) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(workers) == 2 and all(map(_runs, workers))
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while any(map(_runs, workers)) and time.monotonic() < until:
        time.sleep(0.05)

    assert [pid for pid in workers if _runs(pid)] == []


def _runs(pid: int) -> bool:
    """Return whether a process does anything still; one that ended may wait to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
