"""One abstract in several corpora, in builds: it is never in `train` of one while another tests on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from taiyi_corpus import paths
from taiyi_corpus.spec.recipe import find_recipe
from taiyi_corpus.spec.registry import load_registry
from tests.pipeline.world import FILES, SPECS, make_world, rows, shards

WORDS = ["asthma", "fever", "cough", "rash", "pain"]
FOLDS = "ten folds, and each is tested on by another"
CORPUS = {
    **SPECS["mentions"],
    "splits": {
        split: {"sources": [{"files": [f"{split}.jsonl"]}]} for split in ("train", "test")
    },
    "map": {
        "id": "id", "text": "text", "entities": {"spans": "spans"},
        "documents": [{"ns": "pmid", "id": "pmid"}],
    },
    "known_faults": [],
}  # fmt: skip


def _line(key: str, paper: int, says: str) -> str:
    text = f"Aspirin and {says} in the abstract number {paper} of all that were ever read."
    drug = {"type": "Drug", "spans": [[0, 7]], "text": "Aspirin"}
    return json.dumps({"id": key, "pmid": str(paper), "text": text, "entities": [drug]})


def _corpus(name: str, train: range, test: range) -> Any:
    def write(folder: Path) -> None:
        for split, papers in (("train", train), ("test", test)):
            # Each corpus has its own sentence of a paper: only its identity is the same.
            found = [_line(f"{split}{n}", n, f"{name} {WORDS[n % 5]}") for n in papers]
            (folder / f"{split}.jsonl").write_text("\n".join(found) + "\n")

    return write


@pytest.fixture
def specs(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """Two corpora on papers 0 to 39: each trains on what the other tests on; `own` tests on its train, too."""
    monkeypatch.setitem(FILES, "early", _corpus("early", range(30), range(30, 40)))
    monkeypatch.setitem(FILES, "late", _corpus("late", range(10, 40), range(5, 10)))
    monkeypatch.setitem(FILES, "own", _corpus("own", range(100, 120), range(110, 130)))
    return {"early": CORPUS, "late": CORPUS, "own": CORPUS}


def papers(out: Path, dataset: str) -> set[int]:
    ids = [row["record_id"] for row in rows(out) if row["dataset"] == dataset]
    return {int(id_.rpartition("train")[2]) for id_ in ids}


GIVEN = {"splits": ["train"], "rows": None, "negatives": {},
         "groups": [{"name": "all", "select": {"languages": ["en"]}}]}  # fmt: skip


def test_papers_that_one_corpus_tests_on_leave_the_train_of_all(
    tmp_path: Path, specs: dict[str, dict[str, Any]]
) -> None:
    out = tmp_path / "out"
    made = make_world(tmp_path / "world", specs).build(out, **GIVEN)
    assert papers(out, "early") == {*range(5), *range(10, 30)}
    assert papers(out, "late") == {*range(10, 30)}  # kept in both: each asks something of its own
    assert papers(out, "own") == {*range(100, 110)}
    assert made.curation["leaks"] == {
        "early": {"late/test": 5}, "late": {"early/test": 10}, "own": {"own/test": 10},
    }  # fmt: skip
    lines = pq.read_table(out / "ledger.parquet").to_pylist()
    told = {line["id"]: line["detail"] for line in lines if line["reason"] == "heldout_twin"}
    assert told["early/train/train7"] == "late/test: late/test/test7"
    assert len(told) == 25
    assert "| late | early/test | 10 |" in (out / "README.md").read_text(encoding="utf-8")


def test_a_test_split_that_is_no_held_out_one_keeps_nothing_out_and_says_why(
    tmp_path: Path, specs: dict[str, dict[str, Any]]
) -> None:
    out = tmp_path / "out"
    test = {**CORPUS["splits"]["test"], "unprotected": FOLDS}
    specs["own"] = {**CORPUS, "splits": {**CORPUS["splits"], "test": test}}
    made = make_world(tmp_path / "world", specs).build(out, **GIVEN)
    assert papers(out, "own") == {*range(100, 120)}
    assert set(made.curation["leaks"]) == {"early", "late"}
    assert made.curation["unprotected"] == {"own": FOLDS}
    card = (out / "README.md").read_text(encoding="utf-8")
    assert f"The test split of `own` kept nothing out: {FOLDS}." in card


def test_a_recipe_may_leave_test_splits_that_are_no_benchmarks_alone(
    tmp_path: Path, specs: dict[str, dict[str, Any]]
) -> None:
    out = tmp_path / "out"
    curate = {"protect": {"tests": False}}
    made = make_world(tmp_path / "world", specs).build(out, **GIVEN, curate=curate)
    assert papers(out, "early") == {*range(30)}
    assert made.curation["leaks"] == {}


def test_a_build_of_one_dataset_looks_at_no_other(
    tmp_path: Path, specs: dict[str, dict[str, Any]]
) -> None:
    world = make_world(tmp_path / "world", specs)
    (world.data / "late" / "train.jsonl").write_text("{")
    world.build(tmp_path / "out", named=["early"], **GIVEN)
    assert papers(tmp_path / "out", "early") == {*range(30)}


def test_carved_test_splits_count_too(tmp_path: Path, specs: dict[str, dict[str, Any]]) -> None:
    """A corpus without a test split gives some of its papers for one; no other corpus trains on these."""
    out = tmp_path / "out"
    specs["late"] = {**CORPUS, "splits": {"train": CORPUS["splits"]["train"]}}
    curate = {"splits": {"test": 0.4}}
    made = make_world(tmp_path / "world", specs).build(out, **GIVEN, curate=curate)
    carved = made.curation["leaks"]["early"]["late/test"]
    assert carved
    held = {*range(30)} - papers(out, "early")
    assert len(held) == carved
    assert not held & papers(out, "late")


def test_the_same_on_two_workers(tmp_path: Path, specs: dict[str, dict[str, Any]]) -> None:
    world = make_world(tmp_path / "world", specs)
    one = world.build(tmp_path / "one", **GIVEN)
    two = world.build(tmp_path / "two", workers=2, **GIVEN)
    assert one == two
    assert shards(tmp_path / "one") == shards(tmp_path / "two")


@pytest.mark.parametrize("name", ["stage1", "stage2", "taiyi2"])
def test_sentences_without_the_name_of_their_paper_are_known_by_runs_of_words(name: str) -> None:
    registry = load_registry([paths.bundled("registry")])
    also = find_recipe(name, [paths.bundled("registry")]).curate.protect.also
    assert also == ["jnlpba/test", "genetag/test"]
    assert all("test" in registry[one.partition("/")[0]].splits for one in also)


@pytest.mark.parametrize(
    "name", ["stage1", "stage2", "taiyi-stage1", "taiyi-stage2", "taiyi2", "tiny"]
)
def test_every_shipped_recipe_keeps_test_documents_out(name: str) -> None:
    assert find_recipe(name, [paths.bundled("registry")]).curate.protect.tests
