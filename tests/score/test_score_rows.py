"""Files that are scored, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from taiyi_corpus import paths
from taiyi_corpus.cli.app import app
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.pipeline.evaluation import build_evaluation
from taiyi_corpus.score.kinds import RULES
from taiyi_corpus.score.published import published
from taiyi_corpus.score.report import tables
from taiyi_corpus.score.rows import read_predictions, read_rows
from taiyi_corpus.score.score import score
from taiyi_corpus.spec.benchmark import load_benchmarks
from taiyi_corpus.spec.registry import load_registry
from tests.score.built import gold_texts, sample_rows


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A folder as a build leaves it."""
    _, rows = sample_rows("med_qa")
    (tmp_path / "eval" / "data").mkdir(parents=True)
    table = pa.Table.from_pylist(rows, schema=ROW_SCHEMA)
    pq.write_table(table, tmp_path / "eval" / "data" / "test-00000-of-00001.parquet")
    pq.write_table(pa.table({"id": ["x"]}), tmp_path / "eval" / "ledger.parquet")
    return tmp_path / "eval"


def predictions(path: Path, *lines: object) -> Path:
    path.write_text(
        "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8"
    )
    return path


def test_a_build_its_file_and_json_lines_are_the_same(build: Path, tmp_path: Path) -> None:
    rows = read_rows(build)
    assert read_rows(next((build / "data").glob("*.parquet"))) == rows
    assert [r["id"] for r in read_rows(predictions(tmp_path / "rows.jsonl", *rows))] == [
        r["id"] for r in rows
    ]


def test_predictions_are_texts_or_messages(tmp_path: Path) -> None:
    path = predictions(
        tmp_path / "p.jsonl",
        {"id": "a", "prediction": "x"},
        {
            "id": "b",
            "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "y"}],
        },
    )
    assert read_predictions(path, {"a": 0, "b": 0}) == {"a": "x", "b": "y"}


def test_all_faults_of_predictions_are_named_at_once(tmp_path: Path) -> None:
    path = predictions(
        tmp_path / "p.jsonl",
        {"id": "a", "prediction": "x"},
        {"id": "a", "prediction": "x"},
        {"id": "c", "prediction": "x"},
        {"id": "b", "messages": [{"role": "user", "content": "y"}]},
    )
    with pytest.raises(InputError) as error:
        read_predictions(path, {"a": 0, "b": 0})
    assert [fault.where.rpartition(":")[2] for fault in error.value.faults] == ["2", "3", "4"]


@pytest.mark.parametrize("text", ["{", "[1]", "no"])
def test_what_is_no_object_is_a_fault(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(f"{text}\n")
    with pytest.raises(InputError, match="a JSON object"):
        read_predictions(tmp_path / "p.jsonl", {})


def test_a_folder_that_is_no_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a build"):
        read_rows(tmp_path)
    pq.write_table(pa.table({"id": ["x"]}), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="no messages, task"):
        read_rows(tmp_path)


def test_the_command_prints_and_writes_scores(build: Path, tmp_path: Path) -> None:
    texts = gold_texts(read_rows(build))
    path = predictions(
        tmp_path / "p.jsonl", *({"id": i, "prediction": t} for i, t in texts.items())
    )
    page, data = tmp_path / "scores.md", tmp_path / "scores.json"
    args = [
        "score",
        str(path),
        "--against",
        str(build),
        "--markdown",
        str(page),
        "--json",
        str(data),
    ]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    assert "100.0" in done.stdout
    assert "Rules: strict" in done.stdout
    assert page.read_text(encoding="utf-8").startswith("# Scores")
    assert json.loads(data.read_text(encoding="utf-8"))["scores"][0]["metrics"][0]["value"] == 100.0


def test_the_command_refuses_other_rules(build: Path, tmp_path: Path) -> None:
    path = predictions(tmp_path / "p.jsonl")
    done = CliRunner().invoke(app, ["score", str(path), "--against", str(build), "--rules", "kind"])
    assert done.exit_code == 2


def test_gold_scores_100_on_every_benchmark(tmp_path: Path) -> None:
    registry = load_registry(paths.registry_dirs(), [one.dataset for one in load_benchmarks()])
    build_evaluation(registry, tmp_path, tmp_path / "eval", samples=True)
    rows = read_rows(tmp_path / "eval")
    for rules in RULES:
        right = score(rows, gold_texts(rows), dict(registry), rules=rules, samples=20)
        assert [one.main.value for one in right.scores] == [100.0] * 13
        beside = next(table for table in tables(right, published()) if "published" in table.title)
        assert beside.rows[-1] == (
            *("average of 13", "100.0", "-"),
            *("65.1", "74.5", "49.3", "40.3", "75.3"),
        )
        assert {one.benchmark for one in right.scores} == set(published().benchmarks)
        wanted = {one.benchmark: published().benchmarks[one.name].metric for one in right.scores}
        assert {one.benchmark: one.main.name for one in right.scores} == wanted
        empty = score(rows, {row["id"]: "" for row in rows}, dict(registry), rules=rules, samples=0)
        assert [one.main.value for one in empty.scores] == [0.0] * 13
