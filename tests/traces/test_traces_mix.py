"""Traces in a mix: what docs/traces.md tells to write down makes a dataset that a recipe draws from."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq

from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry
from tests.traces.server import serving
from tests.traces.world import questions, run

PAGE = Path(__file__).parents[2] / "docs" / "traces.md"
RECIPE = {
    "name": "traced", "about": "Traces.", "stage": 2, "max_tokens": 8192,
    "groups": [{"name": "traces", "select": {"tags": ["traces"]}}],
}  # fmt: skip


def test_a_recipe_draws_from_traces(tmp_path: Path) -> None:
    with serving() as server:
        run(server, tmp_path / "run", questions(4))
    (written,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "drugcomb_traces.yaml").write_text(written, encoding="utf-8")
    (tmp_path / "data" / "drugcomb_traces").mkdir(parents=True)
    target = tmp_path / "data" / "drugcomb_traces" / "mix.jsonl"
    target.write_bytes((tmp_path / "run" / "mix.jsonl").read_bytes())
    registry = load_registry([tmp_path / "registry"])

    build(registry, Recipe.model_validate(RECIPE), tmp_path / "data", tmp_path / "out")

    (shard,) = (tmp_path / "out" / "data").glob("*.parquet")
    rows = pq.read_table(shard).to_pylist()
    assert len(rows) == 4
    assert all(row["messages"][-1]["content"].startswith("<think>") for row in rows)
