"""Traces in a mix: what docs/traces.md tells to write down makes a dataset that a recipe draws from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
from typer.testing import CliRunner

from taiyi_corpus import paths
from taiyi_corpus.cli.app import app
from tests.traces.server import serving
from tests.traces.world import questions, run

PAGE = Path(__file__).parents[2] / "docs" / "traces.md"


def test_a_recipe_draws_from_traces(tmp_path: Path) -> None:
    with serving() as server:
        run(server, tmp_path / "run", questions(4))
    entry, recipe = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "drugcomb_traces.yaml").write_text(entry, encoding="utf-8")
    (tmp_path / "my-recipe.yaml").write_text(recipe, encoding="utf-8")
    (tmp_path / "data" / "drugcomb_traces").mkdir(parents=True)
    shutil.copy(tmp_path / "run" / "mix.jsonl", tmp_path / "data" / "drugcomb_traces")
    shutil.copytree(
        paths.bundled("registry") / "samples" / "drugcomb", tmp_path / "data" / "drugcomb"
    )

    args = [
        "--recipe",
        "my-recipe.yaml",
        "--registry",
        "registry",
        "--data",
        "data",
        "--out",
        "out",
    ]
    names = {"my-recipe.yaml", "registry", "data", "out"}
    given = [str(tmp_path / arg) if arg in names else arg for arg in args]
    done = CliRunner().invoke(app, ["build", *given])

    assert done.exit_code == 0, done.output
    (shard,) = (tmp_path / "out" / "data").glob("*.parquet")
    rows = pq.read_table(shard).to_pylist()
    traced = [row for row in rows if row["dataset"] == "drugcomb_traces"]
    assert {row["dataset"] for row in rows} == {"drugcomb", "drugcomb_traces"}
    assert traced
    assert all(row["messages"][-1]["content"].startswith("<think>") for row in traced)
