"""Pushing to the Hub with its real client, and loading back with the real library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import datasets
import pytest

from taiyi_corpus.schema.arrow import record_schema
from tests.pipeline.world import rows
from tests.publish.conftest import Hub, Push
from tests.publish.hub_site import TOKEN

LOAD = """
import json, sys, datasets
made = datasets.load_dataset(*sys.argv[1:])
print(json.dumps({name: split.to_list() for name, split in made.items()}))
"""


def wrote(asked: list[str]) -> list[str]:
    """Requests that write, but for the creation of a repository, which may be there."""
    return [a for a in asked if a.startswith(("PUT", "POST")) and "/repos/create" not in a]


def test_processes_push_once_and_load_what_was_built(
    hub: Hub, process: Push, free: Path, settings: dict[str, str]
) -> None:
    said = process(free, "--repo", "lab/first", HF_DEBUG="1")
    assert said.code == 0, said.err
    assert said.url == f"{hub.address}/datasets/lab/first"
    assert len(hub.repo("lab/first")["messages"]) == 2  # that of the empty repository, and ours

    hub.asked()
    again = process(free, "--repo", "lab/first")
    assert (again.code, again.url) == (0, said.url)
    assert "nothing has changed" in again.err
    assert wrote(hub.asked()) == []
    assert len(hub.repo("lab/first")["messages"]) == 2

    command = [sys.executable, "-c", LOAD, "lab/first", "stage1"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "train": rows(free),
        "validation": rows(free, "validation"),
    }
    assert TOKEN not in said.out + said.err + again.out + again.err


def test_a_rebuilt_corpus_takes_the_place_of_the_old_one_in_one_commit(
    hub: Hub, push: Push, free: Path, recut: Path
) -> None:
    push(free, "--repo", "lab/again")
    before = hub.repo("lab/again")["files"]["main"]
    said = push(recut, "--repo", "lab/again")
    after = hub.repo("lab/again")
    shards = {f"stage1/{path.name}" for path in (recut / "data").iterdir()}
    assert {path for path in after["files"]["main"] if path.endswith(".parquet")} == {
        *shards,
        "stage1/ledger.parquet",
    }
    assert set(before) - set(after["files"]["main"])
    assert "which is out of date" in said.err
    assert after["messages"] == ["initial commit"] + ["stage1 from recipe world"] * 2
    loaded = datasets.load_dataset("lab/again", "stage1", split="train")
    assert loaded.to_list() == rows(recut)


def test_branch_tag_and_privacy_are_as_asked(hub: Hub, push: Push, free: Path, recut: Path) -> None:
    said = push(free, "--repo", "lab/named", "--private", "--revision", "next", "--tag", "v1")
    assert said.url == f"{hub.address}/datasets/lab/named/tree/v1"
    repo = hub.repo("lab/named")
    assert repo["private"]
    assert repo["files"]["main"] == [".gitattributes"]
    assert repo["tags"] == {"v1": repo["branches"]["next"]}
    loaded = datasets.load_dataset("lab/named", "stage1", revision="v1")
    assert loaded["train"].num_rows == len(rows(free))

    assert push(free, "--repo", "lab/named", "--revision", "next", "--tag", "v1").code == 0
    moved = push(recut, "--repo", "lab/named", "--revision", "next", "--tag", "v1")
    assert moved.code == 2
    assert "a new tag" in moved.err
    assert hub.repo("lab/named") == repo


def test_a_public_repository_is_not_taken_for_a_private_one(
    hub: Hub, push: Push, free: Path, second: Path
) -> None:
    push(free, "--repo", "lab/public")
    before = hub.repo("lab/public")
    said = push(second, "--repo", "lab/public", "--private")
    assert said.code == 2
    assert "a public one" in said.err
    assert hub.repo("lab/public") == before


def test_stages_lie_side_by_side_in_one_repository(
    hub: Hub, push: Push, free: Path, second: Path, tmp_path: Path
) -> None:
    for build in (free, second):
        (tmp_path / build.name).symlink_to(build)
    assert push(free, "--repo", "lab/stages").code == 0
    assert push(tmp_path, "--repo", "lab/stages", "--stage", "2").code == 0
    assert datasets.get_dataset_config_names("lab/stages") == ["stage1", "stage2"]
    loaded = {
        stage: datasets.load_dataset("lab/stages", stage)["train"] for stage in ("stage1", "stage2")
    }
    assert [set(loaded[stage]["stage"]) for stage in loaded] == [{1}, {2}]
    assert loaded["stage2"].to_list() == rows(second)

    hub.asked()
    assert "nothing has changed" in push(tmp_path, "--repo", "lab/stages").err
    assert wrote(hub.asked()) == []


def test_a_config_is_replaced_by_its_own_recipe_only(
    hub: Hub, push: Push, free: Path, second: Path
) -> None:
    push(free, "--repo", "lab/recipes")
    before = hub.repo("lab/recipes")
    said = push(second, "--repo", "lab/recipes", "--config", "stage1")
    assert said.code == 2
    assert "recipe world" in said.err
    assert "--config NAME" in said.err
    assert hub.repo("lab/recipes") == before


def test_splits_can_be_chosen(push: Push, free: Path) -> None:
    push(free, "--repo", "lab/splits", "--split", "validation")
    assert set(datasets.load_dataset("lab/splits", "stage1")) == {"validation"}
    wrong = push(free, "--repo", "lab/splits", "--split", "tset")
    assert wrong.code == 2
    assert "train, validation" in wrong.err


def test_a_broken_push_commits_nothing_and_the_next_sends_only_the_rest(
    hub: Hub, push: Push, free: Path
) -> None:
    shards = len(list((free / "data").iterdir()))
    hub.ask("_trouble", {"PUT /_blob": shards - 1})
    try:
        broken = push(free, "--repo", "lab/broken")
    finally:
        hub.ask("_trouble", {})
    assert broken.code == 2
    assert "what has been sent is not sent twice" in broken.err
    assert hub.repo("lab/broken")["messages"] == ["initial commit"]
    hub.asked()
    assert push(free, "--repo", "lab/broken").code == 0
    sent = [asked for asked in hub.asked() if asked.startswith("PUT")]
    assert 0 < len(sent) < shards + 1  # with the ledger
    loaded = datasets.load_dataset("lab/broken", "stage1", split="train")
    assert loaded.to_list() == rows(free)


def test_a_dry_run_names_files_and_sizes_and_asks_nobody(hub: Hub, push: Push, free: Path) -> None:
    hub.asked()
    said = push(free, "--repo", "lab/dry", "--dry-run")
    assert said.code == 0
    assert hub.asked() == []
    listed = {line.split()[0] for line in said.out.splitlines()}
    assert {f"stage1/{path.name}" for path in (free / "data").iterdir()} <= listed
    assert {"stage1/manifest.json", "stage1/ledger.parquet", "stage1/citations.bib"} <= listed
    assert "nothing was sent" in said.out


def test_a_dataset_is_pushed_in_the_one_schema(push: Push, world: Any) -> None:
    said = push("--dataset", "mentions", "--repo", "lab/mentions", "--data", world.data)
    assert said.code == 0, said.err
    loaded = datasets.load_dataset("lab/mentions")
    assert {split: made.num_rows for split, made in loaded.items()} == {
        "train": 150,
        "validation": 30,
    }
    first = loaded["validation"][1]
    assert first["entities"][0]["spans"] == [{"start": 0, "end": 7}]
    assert first["text"][0:7] == "Aspirin"
    assert list(first) == record_schema().names


@pytest.mark.parametrize(
    ("repo", "word"), [("others/theirs", "may the login"), ("lab/first/x", "ORG/NAME")]
)
def test_a_repository_that_cannot_be_written_is_named(
    push: Push, free: Path, repo: str, word: str
) -> None:
    said = push(free, "--repo", repo)
    assert said.code == 2
    assert word in said.err.replace("May", "may")


def test_without_a_login_nothing_is_asked(
    hub: Hub, push: Push, free: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    hub.asked()
    said = push(free, "--repo", "lab/nobody")
    assert said.code == 2
    assert "hf auth login" in said.err
    assert hub.asked() == []
