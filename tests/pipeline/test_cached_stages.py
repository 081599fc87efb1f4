"""A second build does again what changed, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus import paths
from taiyi_corpus.curate import part as curating
from taiyi_corpus.normalise import store
from taiyi_corpus.pipeline import candidates
from tests.pipeline.world import World, shards


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done anew, as it is done."""
    seen: list[str] = []

    def watch(module: Any, name: str, of: Any) -> None:
        real = getattr(module, name)

        def watched(*args: Any, **options: Any) -> Any:
            seen.append(f"{name} {of(args)}")
            return real(*args, **options)

        monkeypatch.setattr(module, name, watched)

    watch(store, "read_split", lambda args: args[0].spec.id)
    watch(curating, "_curate", lambda args: args[0].spec.id)
    watch(candidates, "find", lambda args: args[2].spec.id)
    return seen


def test_a_second_build_does_nothing_again(
    world: World, cache: Path, tmp_path: Path, done: list[str]
) -> None:
    world.build(tmp_path / "out")
    first, before = shards(tmp_path / "out"), [*done]
    done.clear()
    world.build(tmp_path / "out")

    assert {line.split()[0] for line in before} == {"read_split", "_curate", "find"}
    assert done == []
    assert shards(tmp_path / "out") == first


def test_how_many_rows_are_wanted_makes_no_other_candidates(
    world: World, cache: Path, tmp_path: Path, done: list[str]
) -> None:
    world.build(tmp_path / "out")
    done.clear()
    world.build(tmp_path / "out", rows=20, name="other")

    assert done == []


def test_what_shapes_the_candidates_makes_them_anew(
    world: World, cache: Path, tmp_path: Path, done: list[str]
) -> None:
    world.build(tmp_path / "out")
    done.clear()
    world.build(tmp_path / "out", negatives={"ner": 0.1})

    assert set(done) == {"find classes", "find mentions", "find questions"}


@pytest.mark.parametrize("name", ["index", "arrays"])
def test_damage_to_what_curating_kept_is_made_good(
    world: World, cache: Path, tmp_path: Path, done: list[str], name: str
) -> None:
    world.build(tmp_path / "out")
    first = shards(tmp_path / "out")
    damaged = next((cache / "curated" / "mentions").glob(f"*/{name}"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    done.clear()
    world.build(tmp_path / "out")

    assert done == ["_curate mentions"]
    assert shards(tmp_path / "out") == first


@pytest.mark.parametrize("suffix", ["", ".drops"])
def test_damaged_candidates_are_made_anew(
    world: World, cache: Path, tmp_path: Path, done: list[str], suffix: str
) -> None:
    world.build(tmp_path / "out")
    first = shards(tmp_path / "out")
    found = sorted((cache / "candidates" / "mentions").iterdir())
    damaged = next(path for path in found if path.suffix == suffix)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    done.clear()
    world.build(tmp_path / "out")

    assert done == ["find mentions"]
    assert shards(tmp_path / "out") == first
