"""Reading an answer to a row of a build from Python, and the count of rows that fell back from the style drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import taiyi_corpus
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.ask import Candidate
from taiyi_corpus.instruct.render import render
from tests.instruct.asking import entity, marked, record, setting

NAMED = [
    "bc5cdr",
    "biorelex",
    "cmeie_v2",
    "bionlp_st_2011_ge",
    "kuake_qic",
    "med_qa",
    "ncbi_disease",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Manifest]:
    out = tmp_path_factory.mktemp("parse") / "tiny"
    made = taiyi_corpus.build("stage1", out, samples=True, named=NAMED)
    rows = [
        row for file in (out / "data").glob("*.parquet") for row in pq.read_table(file).to_pylist()
    ]
    return rows, made.manifest


def test_the_answer_of_every_row_reads_back_from_the_row_alone(
    built: tuple[list[dict[str, Any]], Manifest],
) -> None:
    rows, _ = built
    assert {row["dataset"] for row in rows} == set(NAMED)
    for row in rows:
        got = taiyi_corpus.parse_answer(row, row["messages"][-1]["content"])
        assert answers.equal(answers.KINDS[row["task"]], got, json.loads(row["gold"])), row["id"]


def test_what_is_no_answer_is_told(built: tuple[list[dict[str, Any]], Manifest]) -> None:
    rows, _ = built
    row = next(row for row in rows if row["style"] == "json")
    with pytest.raises(answers.Unparsable):
        taiyi_corpus.parse_answer(row, "I do not know.")
    with pytest.raises(ValueError, match="no answer style 'rhyme'"):
        taiyi_corpus.parse_answer({**row, "style": "rhyme"}, "x")


def test_an_instance_reads_answers_too() -> None:
    at = setting(styles={"ner": ["lines"]})
    made = render(marked("[Aspirin|Drug] and [pain|Disease]"), Candidate("ner", "all_types", 0), at)
    assert taiyi_corpus.parse_answer(made, "Drug：Aspirin；  aspirin") == [
        ["drug", "Aspirin"],
        ["drug", "aspirin"],
    ]


def test_the_manifest_counts_the_rows_that_fell_back(
    built: tuple[list[dict[str, Any]], Manifest],
) -> None:
    rows, manifest = built
    for change, count in manifest.fallbacks.items():
        of_task, _, taken = change.partition(" -> ")
        language, _, task = of_task.partition(".")[0].partition("/")
        there = [
            r
            for r in rows
            if (r["instruction_language"], r["task"], r["style"]) == (language, task, taken)
        ]
        assert 0 < count <= len(there)


def test_an_instance_says_which_style_was_drawn() -> None:
    hard = record("1", text="a; b", entities=[entity("T1", "Drug", "a; b", 0)])
    made = render(hard, Candidate("ner", "all_types", 0), setting(styles={"ner": ["lines"]}))
    assert made.drawn == "lines"
    assert made.style != "lines"
    assert Path(made.template).name.startswith("ner.all_types")
