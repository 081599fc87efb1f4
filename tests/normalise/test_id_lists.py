"""Splits by lists of keys, and the side tables of another released form."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.normalise.split import read_split
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.dataset import DatasetSpec

TEXTS = {"11": "One .\nTwo .\n", "12": "Three .\n", "13": "Four .\n"}
LISTS = {
    "lines": "11.txt\n13.txt",  # the last line has no end
    "commas": "11.txt,13.txt\n",
    "json": '{"train": ["11.txt", "13.txt"], "test": ["12.txt"]}',
}


def spec(list_format: str, *, as_variant: bool = False) -> DatasetSpec:
    ids = {"file": "ids", "format": list_format, "path": "train" if list_format == "json" else "."}
    splits = {"train": {"sources": [{"files": ["text/*.txt"], "only": {**ids, "key": "name"}}]}}
    form = {
        "reader": {"format": "text"},
        "adapter": "sentence_labels",
        "splits": splits,
        "map": {"text": "text", "labels": {"path": "labels"}},
    }
    absent = {
        "reader": {"format": "jsonl"},
        "splits": {"train": {"sources": [{"files": ["gone.jsonl"]}]}},
    }
    return DatasetSpec.model_validate(
        {
            "id": "toy", "name": "Toy", "language": "en", "tasks": ["tc"], "about": "Toy.",
            "homepage": "https://example.org", "citation": {"text": "Doe 2024"},
            "license": {"name": "MIT", "says": "LICENSE", "redistributable": True},
            "access": "open", "source": {},
            "side": {"labels": {"files": ["labels/*.txt"], "reader": {"format": "text"}}},
            **({**absent, "variants": {"other": {"note": "another form", **form}}} if as_variant else form),
        }
    )  # fmt: skip


def write(folder: Path, list_format: str) -> None:
    for name in ("text", "labels"):
        (folder / name).mkdir()
    for stem, text in TEXTS.items():
        (folder / "text" / f"{stem}.txt").write_text(text)
        (folder / "labels" / f"{stem}.txt").write_text("< Growth--Receptors" * text.count("\n"))
    (folder / "ids").write_text(LISTS[list_format])


def texts(dataset: DatasetSpec, folder: Path) -> list[str]:
    items = read_split(locate(dataset, folder), "train", "raw")
    return [item.text or "" for item in items if isinstance(item, Record)]


@pytest.mark.parametrize("list_format", LISTS)
def test_a_list_of_keys_chooses_files_whatever_its_form(tmp_path: Path, list_format: str) -> None:
    write(tmp_path, list_format)
    assert texts(spec(list_format), tmp_path) == ["One .", "Two .", "Four ."]


@pytest.mark.parametrize(
    ("side", "kept"), [("only", ["Three ."]), ("except", ["One .", "Two .", "Four ."])]
)
def test_a_list_of_keys_may_stand_in_the_registry_file(
    tmp_path: Path, side: str, kept: list[str]
) -> None:
    write(tmp_path, "lines")
    dataset = spec("lines").model_dump(by_alias=True, exclude_defaults=True)
    source = dataset["splits"]["train"]["sources"][0]
    del source["only"]
    source[side] = {"keys": ["12"], "key": "stem"}
    located = locate(DatasetSpec.model_validate(dataset), tmp_path)
    assert located.state == "ready"
    assert texts(DatasetSpec.model_validate(dataset), tmp_path) == kept


def test_a_variant_with_an_adapter_joins_the_side_tables_of_the_dataset(tmp_path: Path) -> None:
    write(tmp_path, "lines")
    assert texts(spec("lines", as_variant=True), tmp_path) == ["One .", "Two .", "Four ."]
