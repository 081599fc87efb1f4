"""Splits that a recipe asks for, in builds: official ones stay, groups stay whole, the books add up."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from taiyi_corpus.spec.curation import Curation
from tests.pipeline.world import FILES, SPECS, World, make_world, rows, shards

FAMILIES = {
    **SPECS["questions"],
    "tags": [],
    "map": {"id": "id", "question": "q", "group": "family", "answers": {"text": "a"}},
}
ALL = {"splits": ["train", "validation", "test"], "rows": None}
SHARES = {"validation": 0.2, "test": 0.3}


def _families(folder: Path) -> None:
    found = [
        {
            "id": f"f{n}",
            "family": f"stem{n // 4}",
            "q": f"Question {n} of a stem?",
            "a": f"Answer {n}.",
        }
        for n in range(200)
    ]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(FILES, "families", _families)
    return make_world(tmp_path / "world", {**SPECS, "families": FAMILIES})


def built(world: World, out: Path, **given: Any) -> dict[str, set[str]]:
    """Build; return split -> its records."""
    world.build(out, **{**ALL, "curate": {"splits": SHARES}, **given})
    return {split: {row["record_id"] for row in rows(out, split)} for split in ALL["splits"] or ()}


def families(found: dict[str, set[str]]) -> tuple[dict[int, set[str]], Counter[str]]:
    """Which splits each family is in; how many records of families each split has."""
    of_family = defaultdict(set)
    counts: Counter[str] = Counter()
    for split, ids in found.items():
        for id_ in ids:
            if id_.startswith("families/"):
                of_family[int(id_.rpartition("/f")[2]) // 4].add(split)
                counts[split] += 1
    return of_family, counts


def test_a_group_is_never_torn_apart(world: World, tmp_path: Path) -> None:
    of_family, counts = families(built(world, tmp_path / "out"))
    assert len(of_family) == 50
    assert {len(splits) for splits in of_family.values()} == {1}
    assert counts.total() == 200
    assert 20 <= counts["validation"] <= 60
    assert 35 <= counts["test"] <= 85


def test_a_holdout_tears_no_group_apart_either(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    world.build(out, splits=["train"], rows=None, holdout={"share": 0.3})
    found = {
        split: {row["record_id"] for row in rows(out, split)} for split in ("train", "validation")
    }
    of_family, counts = families(found)
    assert {len(splits) for splits in of_family.values()} == {1}
    assert 35 <= counts["validation"] <= 85


def test_official_splits_are_left_alone_and_the_others_carved(world: World, tmp_path: Path) -> None:
    plain = built(world, tmp_path / "plain", curate={})
    found = built(world, tmp_path / "out")

    def of(dataset: str, ids: set[str]) -> set[str]:
        return {id_ for id_ in ids if id_.startswith(f"{dataset}/")}

    # `mentions` has a validation split of its own, `classes` a test split, which is a benchmark.
    assert of("mentions", found["validation"]) == of("mentions", plain["validation"])
    assert of("mentions", found["test"]) < of("mentions", plain["train"])
    assert of("classes", found["validation"]) < of("classes", plain["train"])
    assert of("classes", found["test"]) == set()
    assert {row["split"] for row in rows(tmp_path / "out", "test")} == {"test"}
    assert not found["train"] & (found["validation"] | found["test"])


def test_what_is_carved_and_not_drawn_from_is_left_alone(world: World, tmp_path: Path) -> None:
    found = built(world, tmp_path / "all")
    world.build(tmp_path / "out", splits=["train"], rows=None, curate={"splits": SHARES})
    train = {row["record_id"] for row in rows(tmp_path / "out")}
    assert train == found["train"]
    assert [path.name for path in (tmp_path / "out" / "data").glob("test-*")] == []


def test_the_same_again_from_the_cache_and_another_seed_gives_other_splits(
    world: World, tmp_path: Path
) -> None:
    first = built(world, tmp_path / "out")
    before = shards(tmp_path / "out")
    assert built(world, tmp_path / "out") == first
    assert built(world, tmp_path / "two", workers=2) == first
    assert shards(tmp_path / "out") == shards(tmp_path / "two") == before
    assert built(world, tmp_path / "other", seed=1)["test"] != first["test"]


def test_splits_that_leave_nothing_for_train_are_refused() -> None:
    with pytest.raises(ValidationError, match="sum to less than 1, found 1"):
        Curation.model_validate({"splits": {"validation": 0.5, "test": 0.5}})
