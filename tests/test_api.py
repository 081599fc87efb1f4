"""The library's front door, as a user's script calls it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import datasets
import pytest

import taiyi_corpus
from taiyi_corpus.errors import InputError, MissingDataError
from taiyi_corpus.schema.record import Record
from tests.tiny import Tiny, tiny

__all__ = ["tiny"]


def test_load_gives_all_splits_in_the_one_schema(tiny: Tiny) -> None:
    found = taiyi_corpus.load("effects")
    assert isinstance(found, datasets.DatasetDict)
    assert {name: (split.num_rows, str(split.split)) for name, split in found.items()} == {
        "train": (3, "train"), "test": (1, "test"),
    }  # fmt: skip
    assert found["train"].column_names == list(Record.__struct_fields__)
    assert (
        found["train"].features
        == found["test"].features
        == taiyi_corpus.load("drugs")["train"].features
    )
    assert found["train"][0]["labels"] == ["mild"]
    assert found["train"][0]["entities"] is None


def test_load_gives_one_split(tiny: Tiny) -> None:
    found = taiyi_corpus.load("effects", split="test")
    assert isinstance(found, datasets.Dataset)
    assert found["id"][:] == ["effects/test/s4"]


def test_a_split_whose_records_were_all_dropped_is_empty_and_loads(tiny: Tiny) -> None:
    tiny.edit("data/effects/test.tsv", "It itched.", "")
    assert list(taiyi_corpus.load("effects")) == ["train"]
    assert taiyi_corpus.load("effects", split="test").num_rows == 0


def test_load_of_what_is_not_there_says_what_is(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="Did you mean 'drugs'"):
        taiyi_corpus.load("drug")
    with pytest.raises(InputError, match=r"Known: train, test\."):
        taiyi_corpus.load("effects", split="dev")  # type: ignore[arg-type]
    with pytest.raises(MissingDataError, match=r"more\.jsonl"):
        taiyi_corpus.load("questions", split="validation")
    tiny.remove("drugs")
    with pytest.raises(MissingDataError, match=r"https://example\.org/drugs\.zip"):
        taiyi_corpus.load("drugs")
    with pytest.raises(InputError, match="--data"):
        taiyi_corpus.load("effects", data=tiny.root / "nowhere")


def test_samples_are_taken_only_when_asked_for(tiny: Tiny) -> None:
    tiny.remove("effects")
    with pytest.raises(MissingDataError):
        taiyi_corpus.load("effects")
    assert taiyi_corpus.load("effects", samples=True)["train"]["origin"][:] == ["sample"]


def test_records_are_typed_and_come_one_at_a_time(tiny: Tiny) -> None:
    found = taiyi_corpus.records("drugs")
    assert inspect.isgenerator(found)
    first = next(found)
    assert isinstance(first, Record)
    assert first.entities is not None
    assert [entity.text for entity in first.entities] == ["Aspirin", "stomach bleeding"]
    assert [record.id for record in taiyi_corpus.records("effects", "test")] == ["effects/test/s4"]


def test_registry_is_a_mapping_of_what_is_known(tiny: Tiny) -> None:
    found = taiyi_corpus.registry()
    assert list(found) == ["drugs", "effects", "questions"]
    assert found["drugs"].tasks == ["ner", "re"]


def test_a_registry_of_ones_own_is_added(tiny: Tiny) -> None:
    own = tiny.root / "own"
    own.mkdir()
    (tiny.registry_dir / "en" / "effects.yaml").rename(own / "effects.yaml")
    with pytest.raises(InputError):
        taiyi_corpus.load("effects")
    assert taiyi_corpus.load("effects", "train", registry_dirs=[own]).num_rows == 3
    assert "effects" in taiyi_corpus.registry([own])


def test_build_writes_what_datasets_can_load(tiny: Tiny) -> None:
    made = taiyi_corpus.build("stage2", Path("mix"))
    assert made.manifest.rows == 8
    for loaded in (
        datasets.load_dataset("parquet", data_dir=f"{made.path}/data"),
        datasets.load_dataset("mix"),
    ):
        assert loaded["train"].num_rows == 8
    streamed = datasets.load_dataset("parquet", data_dir="mix/data", split="train", streaming=True)
    assert next(iter(streamed))["messages"][-1]["role"] == "assistant"


def test_build_draws_from_named_datasets_only(tiny: Tiny) -> None:
    made = taiyi_corpus.build("stage2", named=["drugs"], seed=3)
    assert Path(made.path) == Path("out/stage2")
    assert list(made.manifest.datasets) == ["drugs"]
    assert made.manifest.recipe["seed"] == 3


def test_the_package_imports_nothing_heavy() -> None:
    code = "import sys, taiyi_corpus; print(sorted({'pyarrow', 'datasets', 'pydantic'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
