"""Ctrl-C at any moment of a build: nothing runs on, nothing lies about, and what was there before stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from tests.pipeline.world import RECIPE, World, shards

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
TRIALS = 5


def start(world: World, folder: Path) -> subprocess.Popen[bytes]:
    """Start a build with two workers in a session of its own, as a terminal does."""
    recipe = folder / "world.yaml"
    recipe.write_text(yaml.safe_dump(RECIPE))
    command = [sys.executable, "-m", "taiyi_corpus", "build", "--recipe", str(recipe), "--workers", "2",
               "--registry", str(world.registry), "--data", str(world.data), "--out", str(folder / "out")]  # fmt: skip
    environ = {**os.environ, "TAIYI_CORPUS_CACHE": str(folder / "cache")}
    return subprocess.Popen(
        command,
        env=environ,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def session(of: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            pid = int(folder.name)
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            if os.getsid(pid) == of and state != "Z":
                found.append(pid)
    return found


def ended(of: int) -> list[str]:
    """Return what a session still runs after the moment that its helpers need to see it end."""
    for _ in range(100):
        if not (left := session(of)):
            return []
        time.sleep(0.05)
    return [(Path("/proc") / str(pid) / "cmdline").read_text() for pid in left]


def hidden(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(".*"))


@pytest.mark.slow
def test_ctrl_c_at_random_times(world: World, tmp_path: Path) -> None:
    began = time.monotonic()
    with start(world, tmp_path) as process:
        process.communicate()
    assert process.returncode == 0
    length, before = time.monotonic() - began, shards(tmp_path / "out")
    ends = set()
    for trial in range(TRIALS):
        cache = tmp_path / "cache"
        cache.rename(tmp_path / f"cache-{trial}")
        with start(world, tmp_path) as process:
            while not cache.exists():  # before that the interpreter starts
                time.sleep(0.01)
            time.sleep(random.Random(trial).random() * length * 0.6)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            said = process.communicate(timeout=60)[1].decode()
        ends.add(process.returncode)

        assert ended(process.pid) == []
        assert "Traceback" not in said
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        assert hidden(cache) == []
        assert shards(tmp_path / "out") == before
    # An interpreter on its way out, all being done, no longer handles signals.
    assert 130 in ends <= {0, 130, -signal.SIGINT}
