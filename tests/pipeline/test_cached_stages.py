"""A second build does again what changed, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus import paths
from taiyi_corpus.curate import part as curating
from taiyi_corpus.curate.protected import load
from taiyi_corpus.export import spill
from taiyi_corpus.export.manifest import read_manifest, templates_hash
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.normalise import store
from taiyi_corpus.pipeline import candidates, select
from taiyi_corpus.review.cache import KINDS
from taiyi_corpus.sources import stamps
from tests.pipeline.world import World, make_world, rows, shards


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

    watch(store, "read_tables", lambda args: args[0].spec.id)
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

    assert {line.split()[0] for line in before} == {"read_tables", "_curate", "find"}
    assert done == []
    assert shards(tmp_path / "out") == first


def test_how_many_rows_are_wanted_makes_no_other_candidates(
    world: World, cache: Path, tmp_path: Path, done: list[str]
) -> None:
    world.build(tmp_path / "out")
    done.clear()
    world.build(tmp_path / "out", rows=20, name="other")

    assert done == []


@pytest.mark.parametrize("rows", [None, 3], ids=["mostly taken", "a few taken"])
def test_what_is_mostly_taken_is_rendered_once(
    world: World, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int | None
) -> None:
    rendered: list[str] = []
    real = spill.render
    monkeypatch.setattr(spill, "render", lambda *args: rendered.append(args[0].id) or real(*args))
    world.build(tmp_path / "out", rows=rows)

    assert len(rendered) == (rows or 0)
    assert bool([*cache.glob("candidates/*/*.rows")]) == (rows is None)


def test_rows_that_were_kept_are_those_that_would_be_rendered(
    world: World, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.build(tmp_path / "out", max_epochs=2, on_shortage="repeat", rows=500)
    monkeypatch.setattr(select, "_mostly_taken", lambda *_: set())
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "other"))
    world.build(tmp_path / "again", max_epochs=2, on_shortage="repeat", rows=500)

    assert not [*(tmp_path / "other").glob("candidates/*/*.rows")]
    assert shards(tmp_path / "again") == shards(tmp_path / "out")
    assert read_manifest(tmp_path / "again") == read_manifest(tmp_path / "out")


def test_what_shapes_the_candidates_makes_them_anew(
    world: World, cache: Path, tmp_path: Path, done: list[str]
) -> None:
    world.build(tmp_path / "out")
    done.clear()
    world.build(tmp_path / "out", negatives={"ner": 0.1})

    assert set(done) == {"find classes", "find mentions", "find questions"}


def test_a_changed_entry_redoes_its_dataset_alone(
    cache: Path, tmp_path: Path, done: list[str]
) -> None:
    mine = make_world(tmp_path / "world")
    mine.build(tmp_path / "out")
    entry = mine.registry / "questions.yaml"
    entry.write_text(entry.read_text().replace("about: Invented.", "about: Changed."))
    done.clear()
    mine.build(tmp_path / "out")

    assert set(done) == {"read_tables questions", "_curate questions", "find questions"}


def test_a_changed_template_redoes_the_rendering_alone(
    world: World,
    cache: Path,
    tmp_path: Path,
    done: list[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    world.build(tmp_path / "out")
    before = rows(tmp_path / "out")
    changed = tmp_path / "templates"
    shutil.copytree(paths.bundled("templates"), changed)
    for path in changed.rglob("ner.yaml"):
        path.write_text(path.read_text().replace("{{ text }}", "{{ text }} !"))
    real = paths.bundled
    monkeypatch.setattr(
        paths, "bundled", lambda kind: changed if kind == "templates" else real(kind)
    )
    for known in (task_templates, templates_hash):  # as a new process would
        known.cache_clear()
        request.addfinalizer(known.cache_clear)
    done.clear()
    world.build(tmp_path / "out")

    # To find the candidates is to render them: their words count against the budget.
    assert {line.split()[0] for line in done} == {"find"}
    after = rows(tmp_path / "out")
    assert [row["id"] for row in after] == [row["id"] for row in before]
    differ = {new["task"] for new, old in zip(after, before, strict=True) if new != old}
    assert differ == {"ner"}


# Slices are gone once they are put together; tests of slices damage them.
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"slices"}))
def test_damage_anywhere_in_the_cache_changes_nothing(
    world: World, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(stamps, "_SETTLED", -(10**18))  # hashes of new files are kept too
    load.cache_clear()
    world.build(tmp_path / "out")
    first, manifest = shards(tmp_path / "out"), read_manifest(tmp_path / "out")
    files = [path for path in (cache / kind).rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0x40
        path.write_bytes(data)
    load.cache_clear()
    world.build(tmp_path / "out")

    assert shards(tmp_path / "out") == first
    assert read_manifest(tmp_path / "out") == manifest


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
