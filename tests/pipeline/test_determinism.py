"""The same bytes whatever runs the build, in whatever order things lie; nothing half-written when it is cut off."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.export.manifest import Manifest, read_manifest
from taiyi_corpus.readers import slices
from tests.pipeline.world import SPECS, World, make_world, rows, shards

Built = tuple[Path, Manifest]


@pytest.mark.parametrize(("workers", "hash_seed"), [(1, "1"), (2, "2")])
def test_bytes_depend_on_neither_workers_nor_hash_seed(
    world: World, built: Built, tmp_path: Path, workers: int, hash_seed: str
) -> None:
    assert world.run(tmp_path / "out", workers=workers, hash_seed=hash_seed) == 0

    assert shards(tmp_path / "out") == shards(built[0])
    assert read_manifest(tmp_path / "out") == built[1]
    for name in ("ledger.parquet", "README.md", "manifest.json"):
        assert (tmp_path / "out" / name).read_bytes() == (built[0] / name).read_bytes()


def test_a_worker_killed_in_the_middle_changes_nothing(
    world: World, built: Built, tmp_path: Path
) -> None:
    assert world.run(tmp_path / "out", "kill", workers=2) == 0

    assert shards(tmp_path / "out") == shards(built[0])
    assert read_manifest(tmp_path / "out") == built[1]


def test_bytes_do_not_depend_on_the_order_of_files(built: Built, tmp_path: Path) -> None:
    # Made, and touched, the other way round: folders list their files in another order.
    turned = make_world(tmp_path / "world", dict(reversed(SPECS.items())))
    for n, path in enumerate(sorted(turned.registry.iterdir(), reverse=True)):
        os.utime(path, (n, n))
    turned.build(tmp_path / "out")

    assert shards(tmp_path / "out") == shards(built[0])


def test_bytes_do_not_depend_on_where_the_data_lies(
    world: World, built: Built, tmp_path: Path
) -> None:
    shutil.copytree(world.folder, tmp_path / "elsewhere" / "copy")
    World(tmp_path / "elsewhere" / "copy").build(tmp_path / "out")

    assert shards(tmp_path / "out") == shards(built[0])
    assert read_manifest(tmp_path / "out") == built[1]


@pytest.mark.parametrize("size", [200, 3000])
def test_bytes_do_not_depend_on_where_files_are_cut(
    world: World, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    monkeypatch.setattr(slices, "SLICE", size)
    seen: list[str] = []
    made = world.build(tmp_path / "out", progress=lambda what, done, total: seen.append(what))

    assert "slices" in seen
    assert shards(tmp_path / "out") == shards(built[0])
    assert made == built[1]


def test_another_seed_gives_another_corpus(world: World, built: Built, tmp_path: Path) -> None:
    world.build(tmp_path / "out", seed=1)

    assert {row["id"] for row in rows(tmp_path / "out")} != {row["id"] for row in rows(built[0])}


def test_a_build_killed_while_it_writes_leaves_nothing_that_looks_finished(
    world: World, built: Built, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert world.run(out, "die") == -signal.SIGKILL

    assert not out.exists()
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith((".", "cache"))] == []
    assert world.run(out) == 0
    assert shards(out) == shards(built[0])
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith("cache")] == ["out"]


def test_a_build_killed_while_it_writes_leaves_the_former_one(
    world: World, built: Built, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    world.build(out, rows=20)
    before = shards(out)
    assert world.run(out, "die") == -signal.SIGKILL

    assert shards(out) == before
    assert read_manifest(out).rows == 20
    world.build(out)
    assert shards(out) == shards(built[0])
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith("cache")] == ["out"]


@pytest.mark.parametrize("there", [True, False])
def test_a_swap_cut_between_its_two_renames_is_mended(
    world: World, tmp_path: Path, there: bool
) -> None:
    out, former = tmp_path / "out", tmp_path / ".out.former"
    world.build(former, rows=20)
    if there:
        world.build(out, rows=30)

    with pytest.raises(KeyboardInterrupt):
        world.build(out, progress=_interrupt)
    assert read_manifest(out).rows == (30 if there else 20)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def _interrupt(what: str, done: int, total: int) -> None:
    if what == "render":
        raise KeyboardInterrupt
