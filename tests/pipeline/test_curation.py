"""Curating in whole builds: nothing protected gets in, the books add up, workers and order change nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import InputError
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Recipe, find_recipe
from tests.tiny import Tiny, tiny

__all__ = ["tiny"]

LONG = "It was a sudden rash that came up on both of the forearms of a young gardener who had been weeding"


def made(tiny: Tiny, workers: int = 1, **curate: Any) -> Manifest:
    recipe = find_recipe("stage2", [tiny.registry_dir])
    recipe = Recipe.model_validate(
        recipe.model_dump() | {"curate": recipe.curate.model_dump() | curate}
    )
    return build(tiny.registry(), recipe, tiny.data, Path("out"), workers=workers).manifest


def drops() -> set[tuple[str, str]]:
    table = pq.read_table("out/ledger.parquet").to_pylist()
    return {(line["id"], line["reason"]) for line in table if line["stage"] == "curate"}


def told(record: str) -> str:
    (line,) = [
        row for row in pq.read_table("out/ledger.parquet").to_pylist() if row["id"] == record
    ]
    return str(line["detail"])


def test_what_a_benchmark_holds_is_kept_out_of_every_dataset(tiny: Tiny) -> None:
    tiny.edit("data/effects/test.tsv", "It itched.", f"{LONG}.")
    tiny.edit(
        "data/questions/questions.jsonl", "May I halve a tablet?", f"What now? {LONG}. Is that bad?"
    )
    tiny.edit("data/effects/train.tsv", "Nothing was felt.", f"{LONG.upper()} !")
    built = made(tiny)
    assert drops() >= {("questions/train/q1", "leak_ngram"), ("effects/train/s2", "leak_text")}
    assert told("questions/train/q1") == f"effects: effects/test/s4: {LONG}"
    assert built.curation["leaks"] == {"effects": {"effects": 1}, "questions": {"effects": 1}}
    rows = pq.read_table("out/data").column("messages").to_pylist()
    assert not [row for row in rows if LONG.lower() in json.dumps(row).lower()]


def test_benchmarks_protect_unless_the_recipe_says_otherwise(tiny: Tiny) -> None:
    tiny.edit("data/effects/train.tsv", "Nothing was felt.", "It itched.")
    made(tiny)
    assert ("effects/train/s2", "leak_text") in drops()
    made(tiny, protect={"benchmarks": False})
    assert ("effects/train/s2", "leak_text") not in drops()


def test_a_file_and_a_dataset_can_be_protected_too(tiny: Tiny) -> None:
    own = tiny.root / "own.jsonl"
    own.write_text('{"question": "Aspirin can cause stomach bleeding."}\n', encoding="utf-8")
    built = made(tiny, protect={"also": [str(own), "questions/train"]})
    assert built.curation["leaks"] == {"drugs": {str(own): 1}, "questions": {"questions/train": 2}}


@pytest.mark.parametrize("also", ["nowhere.jsonl", "drug", "drugs", "questions/test"])
def test_what_cannot_be_protected_is_an_error_before_work_starts(tiny: Tiny, also: str) -> None:
    with pytest.raises(InputError):
        made(tiny, protect={"also": [also]})
    assert not Path("out").exists()
    assert not (paths.cache_dir() / "records").exists()


def test_a_policy_says_what_it_kept_out(tiny: Tiny) -> None:
    tiny.edit("registry/en/effects.yaml", "redistributable: true", "redistributable: unknown")
    built = made(tiny, allow="redistributable")
    assert built.curation["refused"] == {"effects": "CC0-1.0: passing on not known to be allowed"}
    assert set(built.datasets) == {"drugs", "questions"}
    with pytest.raises(InputError, match="none of its datasets has one"):
        made(tiny, allow="commercial")


def test_a_repaired_text_is_what_the_corpus_says_and_the_ledger_shows_what_it_was(
    tiny: Tiny,
) -> None:
    tiny.edit("data/effects/train.tsv", "Nothing was felt.", "Less than &lt; 5 was felt.")
    made(tiny, repair=["entities"])
    said = json.dumps(pq.read_table("out/data").column("messages").to_pylist())
    assert "Less than < 5 was felt." in said
    assert "&lt;" not in said
    assert told("effects/train/s2/text") == '[[10,"&lt;","<"]]'


def test_scores_of_every_record_that_stays_lie_beside_the_corpus(tiny: Tiny) -> None:
    made(tiny)
    assert not Path("out/scores.parquet").exists()
    built = made(tiny, scores=True, where=[{"score": "characters", "min": 20}])
    scores = pq.read_table("out/scores.parquet").to_pylist()
    kept = {funnel.dataset: funnel.kept for funnel in built.counts}
    assert Counter(line["dataset"] for line in scores) == {name: n for name, n in kept.items() if n}
    assert min(line["characters"] for line in scores) >= 20
    dropped = [id_ for id_, reason in drops() if reason == "score_out_of_bounds"]
    assert dropped
    assert not {line["record_id"] for line in scores} & set(dropped)
    by_id = {line["record_id"]: line for line in scores}
    assert by_id["questions/train/q1"]["overlap"] is not None
    assert by_id["questions/train/q1"]["label_surprise"] is None


def test_the_same_on_two_workers(tiny: Tiny) -> None:
    tiny.edit("data/effects/train.tsv", "Nothing was felt.", "It itched.")
    settings = {"duplicates": {"near": 0.5}, "repair": ["unicode"]}
    one = made(tiny, **settings)
    lines = pq.read_table("out/ledger.parquet")
    two = made(tiny, workers=2, **settings)
    assert one == two
    assert pq.read_table("out/ledger.parquet") == lines
