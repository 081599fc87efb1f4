"""What a recipe may say of instructions, from its keys to the rows of a build of samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from taiyi_corpus import paths
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry

REGISTRY = paths.bundled("registry")
HAN = range(0x4E00, 0xA000)


@pytest.fixture
def rows(tmp_path: Path) -> Any:
    """Rows of a build of some samples by a recipe with the given keys."""

    def built(datasets: str, **keys: Any) -> list[dict[str, Any]]:
        ids = datasets.split()
        select = {"datasets": ids, "tasks": keys.pop("tasks", [])}
        groups = [{"name": "all", "select": select}]
        given = {"name": "r", "about": "For a test.", "stage": 1, "groups": groups}
        recipe = Recipe.model_validate({**given, **keys})
        out = tmp_path / "-".join(["out", *ids])
        build(load_registry([REGISTRY], ids), recipe, tmp_path / "no", out, samples=True)
        made: list[dict[str, Any]] = []
        for path in sorted((out / "data").glob("train-*.parquet")):
            made += pq.read_table(path).to_pylist()
        assert made
        return made

    return built


def asked(row: dict[str, Any]) -> str:
    said: str = row["messages"][-2]["content"]
    return said


def is_chinese(text: str) -> bool:
    return any(ord(sign) in HAN for sign in text)


@pytest.mark.parametrize(("dataset", "language"), [("bc5cdr", "zh"), ("cmeee_v2", "en")])
def test_the_instruction_is_in_the_other_language(rows: Any, dataset: str, language: str) -> None:
    for row in rows(dataset, instruction_language=language):
        assert row["language"] != row["instruction_language"] == language
        assert row["template"].startswith(f"{language}/")
        assert all(is_chinese(option) == (language == "zh") for option in row["options"] or [])


def test_worked_examples_come_first_and_are_of_other_documents(rows: Any) -> None:
    made = rows("hallmarks_of_cancer", few_shot={"rate": 1.0, "k": 2})
    with_examples = [row for row in made if len(row["messages"]) > 3]
    assert len(with_examples) > len(made) / 2
    texts = {row["record_id"]: asked(row) for row in made}
    for row in with_examples:
        shown = [m["content"] for m in row["messages"][:-2]]
        assert texts[row["record_id"]] not in shown


@pytest.mark.parametrize("dataset", ["kuake_ir", "cmedqa2", "mediqa_qa"])
def test_questions_with_right_answers_only_get_wrong_ones_from_the_pool(
    rows: Any, dataset: str
) -> None:
    made = rows(dataset, tasks=["tp_ss"], instruction_language="en")
    pairs: dict[str, list[str]] = {}
    for row in made:
        pairs.setdefault(row["record_id"], []).append(json.loads(row["gold"]))
        assert set(row["options"]) == {"relevant", "not relevant"}
    assert ["not relevant", "relevant"] in [sorted(golds) for golds in pairs.values()]
    assert all(golds.count("relevant") == 1 for golds in pairs.values())


@pytest.mark.parametrize(("dataset", "task"), [("tcm_sd_tc", "tc"), ("cmeie_v2", "re")])
def test_of_large_label_sets_some_are_shown_the_gold_among_them(
    rows: Any, dataset: str, task: str
) -> None:
    for row in rows(dataset, options={task: 10}):
        gold = json.loads(row["gold"])
        assert len(row["options"]) == 10
        assert {one if task == "tc" else one["type"] for one in gold} <= set(row["options"])


def test_relations_of_concepts_are_stated_in_all_spellings_on_request(rows: Any) -> None:
    once, all_ = (
        [
            pair
            for row in rows("bc5cdr", tasks=["re"], spellings=how)
            for pair in json.loads(row["gold"])
        ]
        for how in ("one", "all")
    )
    assert len(all_) > len(once) > 0


def test_a_context_over_the_budget_is_shortened_or_left_out_as_the_recipe_says(rows: Any) -> None:
    tight = {"tasks": ["qa_yesno"], "max_tokens": 180}
    kept = rows("pubmed_qa", **tight, on_long={"qa_yesno": "shorten"})
    whole = {row["id"]: asked(row) for row in rows("pubmed_qa", tasks=["qa_yesno"])}
    shorter = [row for row in kept if len(asked(row)) < len(whole[row["id"]])]
    assert shorter
    for row in shorter:
        assert row["messages"][-1]["content"]


def test_abbreviations_that_texts_explain_become_instances(rows: Any) -> None:
    pytest.importorskip("scispacy")
    found = [
        tuple(pair)
        for row in rows(
            "bc5cdr ncbi_disease biored", tasks=["abbreviation"], abbreviations="scispacy"
        )
        for pair in json.loads(row["gold"])
    ]
    for short, long in found:
        assert len(short) < len(long)
    assert found
