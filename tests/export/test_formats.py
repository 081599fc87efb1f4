"""Formats of trainers: rows in = rows out, each shape as its trainer reads it, one schema whatever is empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import datasets
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.export.convert import Exported, export
from taiyi_corpus.export.formats import FORMATS
from taiyi_corpus.export.staging import PARTS
from tests.export.toy_build import (
    DIALOGUE,
    SINGLE,
    SYSTEM,
    TALKS,
    WITH_SYSTEM,
    row,
    rows,
    write_build,
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_build(tmp_path_factory.mktemp("toy") / "build", rows())


def exported(
    build: Path, out: Path, name: str, file_type: str | None = None
) -> list[dict[str, Any]]:
    made = export(build, name, out, file_type)
    read: list[dict[str, Any]] = []
    for file in made.files:
        path = out / file.path
        if path.suffix == ".parquet":
            read += pq.read_table(path).to_pylist()
        else:
            read += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return read


def messages(talk: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in talk]


@pytest.mark.parametrize("file_type", ["parquet", "jsonl"])
@pytest.mark.parametrize("name", list(FORMATS))
def test_rows_in_are_rows_out(build: Path, tmp_path: Path, name: str, file_type: str) -> None:
    assert len(exported(build, tmp_path / "out", name, file_type)) == len(rows())


def test_a_build_may_hold_the_folder_of_every_format() -> None:
    assert set(FORMATS) <= PARTS


def test_messages(build: Path, tmp_path: Path) -> None:
    made = {one["id"]: one["messages"] for one in exported(build, tmp_path / "out", "messages")}

    assert made == {id_: messages(talk) for id_, talk in TALKS.items()}


def test_prompt_completion_trains_the_last_answer(build: Path, tmp_path: Path) -> None:
    made = {one["id"]: one for one in exported(build, tmp_path / "out", "prompt-completion")}

    assert made["dialogue"]["prompt"] == messages(DIALOGUE[:3])
    assert made["dialogue"]["completion"] == messages(DIALOGUE[3:])
    assert made["system"]["prompt"] == messages(WITH_SYSTEM[:2])


def test_alpaca(build: Path, tmp_path: Path) -> None:
    single, dialogue, system, _ = exported(build, tmp_path / "out", "alpaca")

    assert single == {
        "instruction": SINGLE[0][1],
        "input": "",
        "output": SINGLE[1][1],
        "system": "",
        "history": [],
    }
    assert dialogue["history"] == [[DIALOGUE[0][1], DIALOGUE[1][1]]]
    assert (dialogue["instruction"], dialogue["output"]) == (DIALOGUE[2][1], DIALOGUE[3][1])
    assert system["system"] == WITH_SYSTEM[0][1]


def test_sharegpt(build: Path, tmp_path: Path) -> None:
    _, dialogue, system, _ = exported(build, tmp_path / "out", "sharegpt")

    assert [turn["from"] for turn in dialogue["conversations"]] == ["human", "gpt"] * 2
    assert [turn["value"] for turn in dialogue["conversations"]] == [text for _, text in DIALOGUE]
    assert (system["system"], len(system["conversations"])) == (WITH_SYSTEM[0][1], 2)


@pytest.mark.parametrize("name", ["alpaca", "sharegpt"])
def test_llama_factory_gets_its_dataset_info(build: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    made = exported(build, out, name)
    info = json.loads((out / "dataset_info.json").read_text(encoding="utf-8"))[
        "taiyi_corpus_toy_train"
    ]

    assert (out / info["file_name"]).is_dir()
    assert info["formatting"] == name
    assert set(info["columns"].values()) <= set(made[0])


def test_taiyi_is_the_record_of_the_release_field_for_field(build: Path, tmp_path: Path) -> None:
    single, dialogue, system, translation = exported(build, tmp_path / "out", "taiyi")

    assert list(single) == ["conversation_id", "category", "dataset", "language", "conversation"]
    assert single == {
        "conversation_id": 1,
        "category": "NER",
        "dataset": "toy",
        "language": "en",
        "conversation": [{"human": SINGLE[0][1], "assistant": SINGLE[1][1]}],
    }
    assert dialogue["conversation"][1] == {"human": DIALOGUE[2][1], "assistant": DIALOGUE[3][1]}
    assert system["category"] == "QA_choice"
    # The direction is the record's own, the name of the dataset that of the release.
    assert (translation["category"], translation["dataset"], translation["language"]) == (
        "MT-zh2en",
        "PairsOfTaiyi",
        "zh-en",
    )


def test_taiyi_counts_within_category_and_dataset(tmp_path: Path) -> None:
    given = [row(str(i), SINGLE, dataset="a" if i % 2 else "b") for i in range(5)]
    made = exported(write_build(tmp_path / "build", given), tmp_path / "out", "taiyi")

    assert [one["conversation_id"] for one in made] == [1, 1, 2, 2, 3]


def test_of_several_names_a_record_has_the_one_its_id_ends_with(tmp_path: Path) -> None:
    names = {"toy": {"taiyi": {"ner": [["NER", "toy_first"], ["NER", "toy_second"]]}}}
    given = [
        row("x", SINGLE, record_id="toy/train/7_second"),
        row("y", SINGLE, record_id="toy/train/8"),
    ]
    build = write_build(tmp_path / "build", given, datasets=names)

    assert [one["dataset"] for one in exported(build, tmp_path / "out", "taiyi")] == [
        "toy_second",
        "toy_first",
    ]


def test_a_text_that_a_format_has_no_place_for_is_counted(build: Path, tmp_path: Path) -> None:
    assert export(build, "taiyi", tmp_path / "a").left_out == {"system_text": 1}
    assert export(build, "sharegpt", tmp_path / "b").left_out == {}


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_shard_without_dialogues_and_systems_has_the_same_types(
    tmp_path: Path, name: str
) -> None:
    plain = write_build(tmp_path / "plain", [row(str(i), SINGLE) for i in range(3)])
    full = write_build(tmp_path / "full", rows())
    schemas: list[pa.Schema] = []
    for number, build in enumerate((plain, full)):
        made = export(build, name, tmp_path / str(number), "parquet")
        schemas += [pq.read_schema(tmp_path / str(number) / file.path) for file in made.files]

    assert all(schema == FORMATS[name].schema for schema in schemas)


@pytest.mark.parametrize("name", list(FORMATS))
def test_datasets_reads_every_format(build: Path, tmp_path: Path, name: str) -> None:
    made = export(build, name, tmp_path / "out")
    kind = "json" if made.files[0].path.endswith("jsonl") else "parquet"
    files = [str(tmp_path / "out" / file.path) for file in made.files]
    read = datasets.load_dataset(
        kind, data_files=files, split="train", cache_dir=str(tmp_path / "cache")
    )

    assert read.num_rows == len(rows())


def test_an_export_says_what_it_is(build: Path, tmp_path: Path) -> None:
    export(build, "alpaca", tmp_path / "out")
    said = msgspec.json.decode((tmp_path / "out" / "export.json").read_bytes(), type=Exported)

    assert (said.format, said.recipe, said.rows, len(said.files)) == ("alpaca", "toy", 4, 2)


def test_an_export_replaces_an_export_and_nothing_else(build: Path, tmp_path: Path) -> None:
    export(build, "alpaca", tmp_path / "out")
    export(build, "sharegpt", tmp_path / "out")
    assert "conversations" in pq.read_schema(next((tmp_path / "out").rglob("*.parquet"))).names

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        export(build, "alpaca", tmp_path / "other")
    with pytest.raises(InputError, match="a build in it"):
        export(build, "alpaca", build)


@pytest.mark.parametrize(
    ("name", "file_type", "said"),
    [("alpacca", None, "Did you mean 'alpaca'"), ("alpaca", "json", "Did you mean 'jsonl'")],
)
def test_a_typo_gets_the_nearest_word(
    build: Path, tmp_path: Path, name: str, file_type: str | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        export(build, name, tmp_path / "out", file_type)


def test_a_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no manifest\.json"):
        export(tmp_path, "alpaca", tmp_path / "out")


def test_turns_that_do_not_alternate_are_an_error(tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", [row("odd", [(SYSTEM, "x"), ("assistant", "y")])])

    with pytest.raises(
        InputError, match="odd: wanted turns of user and assistant, found assistant"
    ):
        export(build, "alpaca", tmp_path / "out")
    assert not (tmp_path / "out").exists()
