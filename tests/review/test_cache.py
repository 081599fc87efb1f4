"""The cache: what lies in it, and what is thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from taiyi_corpus import kept, paths
from taiyi_corpus.review.cache import collect, entries, kinds
from tests.pipeline.world import World, make_world, shards

DAY = 86_400


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def world(cache: Path, tmp_path: Path) -> World:
    made = make_world(tmp_path / "world")
    made.build(tmp_path / "out")
    return made


def test_what_a_build_keeps_is_listed(world: World, cache: Path) -> None:
    found = list(entries(cache))

    # Hashes of sources are kept of files that are older than this test.
    assert {e.kind for e in found} - {"sources"} == {
        "records", "curated", "candidates", "protected", "registry",
    }  # fmt: skip
    assert {e.dataset for e in found if e.kind == "records"} == {"classes", "mentions", "questions"}
    assert all(e.bytes and e.whole for e in found)
    assert sum(k.entries for k in kinds(cache)) == len(found)


def test_what_was_used_lately_stays(world: World, cache: Path, tmp_path: Path) -> None:
    assert collect(cache, days=1) == []


def test_what_was_not_used_goes_and_is_made_again(
    world: World, cache: Path, tmp_path: Path
) -> None:
    first = shards(tmp_path / "out")
    now = max(e.used for e in entries(cache))
    everything = len(list(entries(cache)))

    assert len(collect(cache, days=3, now=now + 4 * DAY)) == everything
    assert list(entries(cache)) == []
    world.build(tmp_path / "out")
    assert shards(tmp_path / "out") == first


def test_use_is_what_counts(cache: Path) -> None:
    for name in ("old", "used"):
        kept.write(cache / "candidates" / "x" / name, b"")
        os.utime(cache / "candidates" / "x" / name, (0, 0))
    kept.read(cache / "candidates" / "x" / "used")

    assert [Path(e.path).name for e in collect(cache, days=30)] == ["old"]


def test_what_a_killed_process_left_goes_soon(cache: Path) -> None:
    left = cache / "records" / "x" / ".key.123"
    left.mkdir(parents=True)
    (left / "train-00000.parquet").write_bytes(b"half")
    now = (left / "train-00000.parquet").stat().st_mtime

    assert collect(cache, days=30, now=now + 60) == []
    assert [e.whole for e in collect(cache, days=30, now=now + 7200)] == [False]
    assert not left.exists()


def test_what_a_process_that_ended_left_goes_at_once(cache: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = kept.staging_of(cache / "records" / "x" / "key")
    theirs = mine.with_name(mine.name.replace(str(os.getpid()), str(ended.pid)))
    inside = cache / "curated" / "x" / "key" / theirs.name
    for path in (mine, theirs, inside):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")

    assert [e.path for e in collect(cache, days=30)] == [str(theirs)]
    assert mine.exists()
    assert not inside.exists()


def test_what_another_machine_writes_stays_for_an_hour(cache: Path) -> None:
    theirs = cache / "records" / "x" / ".key.another-machine.1"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"half")

    assert collect(cache, days=30) == []


def test_downloads_stay(cache: Path) -> None:
    (cache / "blobs").mkdir(parents=True)
    (cache / "blobs" / "abc").write_bytes(b"x")

    assert collect(cache, days=0) == []
