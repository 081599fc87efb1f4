"""Splits from files: id lists, constants, adapters, side tables, and where the rows go that are broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.split import read_split
from taiyi_corpus.normalise.stream import Tally
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.dataset import DatasetSpec
from tests.toys import dataset


def jsonl(path: Path, *rows: Any) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read(
    spec: DatasetSpec, folder: Path, split: Split = "train"
) -> tuple[list[Record], list[Drop], Tally]:
    items = list(read_split(locate(spec, folder), split, "raw"))
    (tally,) = [item for item in items if isinstance(item, Tally)]
    assert items[-1] is tally
    records = [item for item in items if isinstance(item, Record)]
    return records, [item for item in items if isinstance(item, Drop)], tally


PUBTATOR = "1|t|One.\n1|a|\n\n2|t|Two.\n2|a|\n2\tbroken\n\n3|t|Three.\n3|a|\n"


def by_lists(**source: Any) -> DatasetSpec:
    lists: dict[Split, Any] = {
        "train": {"only": {"file": "train.txt", "key": "key"}},
        "test": {"except": {"file": "train.txt", "key": "key"}},
    }
    return dataset(
        tasks=["ner"],
        reader={"format": "pubtator"},
        splits={
            split: {"sources": [{"files": ["corpus.txt"], **given, **source}]}
            for split, given in lists.items()
        },
    )


def test_lists_of_ids_share_a_file_out_and_its_broken_documents_too(tmp_path: Path) -> None:
    (tmp_path / "corpus.txt").write_text(PUBTATOR)
    (tmp_path / "train.txt").write_text("1\n2\n")

    train, train_drops, train_tally = read(by_lists(), tmp_path, "train")
    test, test_drops, test_tally = read(by_lists(), tmp_path, "test")

    assert [r.text for r in train] == ["One."] and [r.text for r in test] == ["Three."]
    assert [d.id for d in train_drops] == ["corpus.txt:6"] and test_drops == []
    assert (train_tally.rows, test_tally.rows) == (2, 1)


@pytest.mark.parametrize("content", ["\ufeff1\n2\n".encode(), b"1\r\n2\r\n"])
def test_a_list_of_ids_may_start_with_a_mark_and_end_lines_as_it_likes(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "corpus.txt").write_text(PUBTATOR)
    (tmp_path / "train.txt").write_bytes(content)

    assert len(read(by_lists(), tmp_path)[0]) == 1


@pytest.mark.parametrize(
    ("format_", "content"), [("lines", b"\xff\xfe1"), ("json", b"{"), ("json", b"7"), ("json", b'{"a": "12"}')]
)  # fmt: skip
def test_a_broken_list_of_ids_is_an_error(tmp_path: Path, format_: str, content: bytes) -> None:
    (tmp_path / "corpus.txt").write_text(PUBTATOR)
    (tmp_path / "train.txt").write_bytes(content)
    only = {
        "file": "train.txt",
        "key": "key",
        "format": format_,
        "path": "a" if len(content) > 3 else ".",
    }
    spec = dataset(
        reader={"format": "pubtator"},
        splits={"train": {"sources": [{"files": ["corpus.txt"], "only": only}]}},
    )

    with pytest.raises(SourceError, match=r"train\.txt: wanted"):
        read(spec, tmp_path)


def test_a_source_may_add_constants_and_name_its_own_split(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", {"text": "x"})
    jsonl(tmp_path / "b.jsonl", {"text": "y"})
    spec = dataset(
        map={"text": "text", "labels": {"path": "y"}},
        splits={
            "train": {
                "sources": [
                    {"files": ["a.jsonl"], "fields": {"y": "good"}},
                    {"files": ["b.jsonl"], "fields": {"y": "bad"}, "subset": "extra"},
                ]
            }
        },
    )
    records, _, _ = read(spec, tmp_path)

    assert [(r.id, r.labels, r.subset) for r in records] == [
        ("toy/train/0", ["good"], None),
        ("toy/train/1", ["bad"], "extra"),
    ]


def test_a_broken_row_stands_in_the_ledger_before_the_next_good_one(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"text": "x"}\n{\n{"text": "y"}\n{\n')
    spec = dataset(map={"text": "text"})
    items = list(read_split(locate(spec, tmp_path), "train", "raw"))

    assert [i.id for i in items if not isinstance(i, Tally)] == [
        "toy/train/0",
        "train.jsonl:2",
        "toy/train/2",
        "train.jsonl:4",
    ]


def test_a_broken_side_table_is_an_error(tmp_path: Path) -> None:
    for name in ("text", "labels"):
        (tmp_path / name).mkdir()
    (tmp_path / "text" / "1.txt").write_text("One .\n")
    (tmp_path / "labels" / "1.jsonl").write_text('{"text": "a"}\n{\n')
    spec = dataset(
        reader={"format": "text"},
        adapter="sentence_labels",
        side={"labels": {"files": ["labels/*.jsonl"], "reader": {"format": "jsonl"}}},
        splits={"train": {"sources": [{"files": ["text/*.txt"]}]}},
    )

    with pytest.raises(SourceError, match="A side table must be whole"):
        read(spec, tmp_path)


def test_an_adapter_may_find_rows_broken(tmp_path: Path) -> None:
    tagged = {"Text": "<e1>Zincol</e1> and <e2>a rash</e2>.", "Label": "Other"}
    jsonl(tmp_path / "train.jsonl", tagged, tagged | {"Text": "<e1>Zincol."})
    spec = dataset(adapter="tagged_arguments", map={"text": "text"})
    records, drops, tally = read(spec, tmp_path)

    assert [r.text for r in records] == ["Zincol and a rash."]
    assert [(d.stage, d.unit, d.id) for d in drops] == [("read", "row", "train.jsonl:2")]
    assert (tally.rows, tally.bad_rows, tally.records) == (2, 1, 1)
