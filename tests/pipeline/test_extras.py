"""What a build writes besides its rows: a validation mix, formats, tokens, the card and its citations."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from taiyi_corpus.errors import InputError
from taiyi_corpus.export.manifest import read_manifest
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.pipeline.extras import Extras
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry
from tests.export.toy_build import write_tokenizer
from tests.pipeline.world import RECIPE, World

TRAIN = RECIPE | {"splits": ["train"]}


def ids(out: Path, split: str) -> set[str]:
    files = sorted((out / "data").glob(f"{split}-*.parquet"))
    return {id_ for file in files for id_ in pq.read_table(file).column("record_id").to_pylist()}


def test_a_holdout_carves_a_validation_mix_out_of_train(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = world.build(out, splits=["train"], rows=200, holdout={"share": 0.2, "rows": 30})
    train, validation = ids(out, "train"), ids(out, "validation")

    assert train and validation
    assert not train & validation
    assert sum(shard.rows for shard in made.shards if "/validation-" in shard.path) == 30
    assert sum(shard.rows for shard in made.shards if "/train-" in shard.path) == 200
    rows = pq.read_table(next((out / "data").glob("validation-*.parquet")))
    assert set(rows.column("split").to_pylist()) == {"validation"}
    # What is held out depends on the record alone, not on how much of it is taken.
    world.build(out, splits=["train"], rows=200, holdout={"share": 0.2, "rows": 10})
    assert ids(out, "validation") < validation


def test_without_a_number_the_holdout_is_its_share_of_the_mix(world: World, tmp_path: Path) -> None:
    made = world.build(tmp_path / "out", splits=["train"], rows=100, holdout={"share": 0.2})

    assert sum(shard.rows for shard in made.shards if "/validation-" in shard.path) == 20


def built(world: World, out: Path, extras: Extras, workers: int = 1) -> Path:
    recipe = Recipe.model_validate(TRAIN)
    build(load_registry([world.registry]), recipe, world.data, out, extras=extras, workers=workers)
    return out


def test_formats_and_tokens_lie_beside_the_rows(world: World, tmp_path: Path) -> None:
    tokenizer = write_tokenizer(tmp_path / "tokenizer")
    out = built(world, tmp_path / "out", Extras(("alpaca", "taiyi"), str(tokenizer), 64))
    made = read_manifest(out)
    alpaca = [pq.read_table(file).num_rows for file in sorted((out / "alpaca").rglob("*.parquet"))]
    lines = (out / "taiyi" / "train" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    tokens = json.loads((out / "tokens" / "export.json").read_text(encoding="utf-8"))

    assert sum(alpaca) == len(lines) == made.rows
    assert tokens["rows"] + tokens["over_length"] == made.rows
    ledger = pq.read_table(out / "ledger.parquet").column("reason").to_pylist()
    assert ledger.count("over_length") == tokens["over_length"] > 0


def test_a_build_with_extras_is_replaced_by_one_without(world: World, tmp_path: Path) -> None:
    built(world, tmp_path / "out", Extras(("alpaca",)))
    out = built(world, tmp_path / "out", Extras())

    assert sorted(path.name for path in out.iterdir()) == [
        "README.md", "citations.bib", "data", "ledger.parquet", "manifest.json",
    ]  # fmt: skip


def test_an_extra_that_cannot_be_is_named_before_the_build(world: World, tmp_path: Path) -> None:
    for extras in (Extras(("alpacca",)), Extras(tokenizer="nobody/nothing")):
        with pytest.raises(InputError):
            built(world, tmp_path / "out", extras)
    assert not (tmp_path / "out").exists()


def test_lengths_are_in_the_manifest_without_any_tokenizer(world: World, tmp_path: Path) -> None:
    made = world.build(tmp_path / "out")

    assert sum(one.rows for one in made.lengths) == made.rows
    assert all(
        one.over == [0, 0, 0] and one.longest >= one.tokens / one.rows for one in made.lengths
    )


def test_the_header_of_the_card_is_what_the_hub_reads(world: World, tmp_path: Path) -> None:
    from huggingface_hub import DatasetCard

    out = tmp_path / "out"
    world.build(out)
    card = DatasetCard.load(out / "README.md")
    header = yaml.safe_load((out / "README.md").read_text(encoding="utf-8").split("---\n")[1])

    assert card.data.language == ["en", "zh"]
    assert card.data.license == "other"
    (config,) = header["configs"]
    assert config["config_name"] == "world"
    for file in config["data_files"]:
        assert list(out.glob(file["path"]))
    assert [file["split"] for file in config["data_files"]] == ["train", "validation"]


def test_the_card_loads_by_its_config(world: World, tmp_path: Path) -> None:
    import datasets

    out = tmp_path / "out"
    made = world.build(out)
    read = datasets.load_dataset(str(out), "world", cache_dir=str(tmp_path / "cache"))

    assert sum(read.num_rows.values()) == made.rows


def test_every_contributing_dataset_is_cited(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = world.build(out)
    cited = re.findall(
        r"^@misc\{(\w+),$", (out / "citations.bib").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert cited == sorted({funnel.dataset for funnel in made.counts if funnel.chosen})
