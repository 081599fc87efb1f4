"""A disk that fills up, or a kill, during an export: what was there before stays, and the fault says so."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.export.convert import export
from taiyi_corpus.export.staging import staging
from tests.export.toy_build import rows, write_build

# A process whose files may not grow: what a full disk looks like to a writer.
LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.convert import export
build, out, name, room = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
try:
    export(Path(build), name, Path(out))
except InputError as error:
    sys.exit(str(error))
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from taiyi_corpus.export import convert
real = convert.file_sha256
def die(path):
    os.kill(os.getpid(), signal.SIGKILL)
convert.file_sha256 = die
convert.export(Path(sys.argv[1]), "sharegpt", Path(sys.argv[2]))
"""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return write_build(tmp_path / "build", rows())


def state(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *args], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no limits of file size")
@pytest.mark.parametrize("name", ["messages", "taiyi"])
def test_a_full_disk_leaves_the_former_export(build: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    export(build, "alpaca", out)
    before = state(out)
    ended = run(LITTLE_ROOM, str(build), str(out), name, "500")

    assert ended.returncode == 1
    assert "wanted room for what is written" in ended.stderr
    assert "What was there before is as it was." in ended.stderr
    assert state(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "out"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no limits of file size")
def test_a_full_disk_leaves_nothing_where_nothing_was(build: Path, tmp_path: Path) -> None:
    ended = run(LITTLE_ROOM, str(build), str(tmp_path / "out"), "messages", "500")

    assert "Nothing was written." in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
def test_any_writer_that_finds_no_room_ends_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left on device"), staging(tmp_path / "out"):
        fd = os.open("/dev/full", os.O_WRONLY)
        try:
            os.write(fd, b"x")
        finally:
            os.close(fd)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_kill_leaves_the_former_export_and_the_next_one_cleans_up(
    build: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(build, "alpaca", out)
    before = state(out)
    assert run(KILLED, str(build), str(out)).returncode == -signal.SIGKILL
    assert state(out) == before

    export(build, "sharegpt", out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "out"]
