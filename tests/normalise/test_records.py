"""Records: identity, keys, repeats, splits without gold, what is kept besides, and each row accounted for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from taiyi_corpus.readers.row import BadRow, Row
from tests.toys import DRUG_AND_DISEASE, dataset, normalise


def extra(record: Any) -> Any:
    return None if record.extra is None else msgspec.json.decode(record.extra)


# --- identity ---------------------------------------------------------------------------------


def test_a_record_says_where_it_comes_from() -> None:
    documents = [
        {"ns": "doi", "id": "source", "match": "doi:(.+)"},
        {"ns": "pmid", "id": "source", "match": "^PMID(\\d+)$"},
    ]
    spec = dataset(map={"id": "id", "documents": documents, "group": "case", "text": "text"})
    record = normalise(spec, {"id": 7, "source": "PMID123", "case": "c1", "text": "x"}).only

    assert (record.id, record.dataset, record.split) == ("toy/train/7", "toy", "train")
    assert (record.document_ns, record.document_id, record.group) == ("pmid", "123", "c1")
    assert (record.language, record.license, record.origin) == ("en", "MIT", "raw")
    assert record.extra == '{"source":"PMID123"}'  # the id is only a part of it


@pytest.mark.parametrize(
    ("key", "id_"), [("k", "toy/train/k"), (None, "toy/train/0"), (" ", "toy/train/0")]
)
def test_the_key_is_the_files_own_else_the_position(key: str | None, id_: str) -> None:
    assert normalise(dataset(map={"text": "text"}), Row("x", key, {"text": "a"})).only.id == id_


def test_a_broken_row_keeps_its_place_so_that_repairing_it_renames_no_other() -> None:
    spec = dataset(map={"text": "text"})
    broken = normalise(spec, {"text": "a"}, BadRow("x:2", "JSON", "{"), {"text": "c"})
    repaired = normalise(spec, {"text": "a"}, {"text": "b"}, {"text": "c"})

    assert [r.id for r in broken.records] == ["toy/train/0", "toy/train/2"]
    assert [r.id for r in repaired.records][::2] == [r.id for r in broken.records]


# --- repeats ----------------------------------------------------------------------------------


def test_the_same_row_again_is_dropped() -> None:
    spec = dataset(map={"id": "id", "text": "text"})
    result = normalise(spec, *[{"id": "1", "text": "a"}] * 3)

    assert len(result.records) == 1
    assert result.reasons == [("record", "row_duplicate")] * 2
    assert (result.tally.records, result.tally.dropped) == (1, 2)
    assert result.tally.faults == {"row_duplicate": 2}


def test_another_row_of_the_same_key_gets_a_number() -> None:
    spec = dataset(map={"id": "id", "text": "text"})
    rows = [
        {"id": id_, "text": text}
        for id_, text in [("1", "a"), ("1", "b"), ("1-2", "c"), ("1", "d"), ("1", "b")]
    ]
    result = normalise(spec, *rows)

    assert [(r.id, r.text) for r in result.records] == [
        ("toy/train/1", "a"),
        ("toy/train/1-2", "b"),
        ("toy/train/1-2-2", "c"),  # its own key was taken by then
        ("toy/train/1-3", "d"),
    ]
    assert result.reasons == [("record", "row_duplicate")]
    assert result.tally.faults == {"key_repeated": 3, "row_duplicate": 1}


# --- no gold ----------------------------------------------------------------------------------


def test_a_split_without_gold_has_none_whatever_its_placeholders_say() -> None:
    spec = dataset(
        tasks=["ner", "tc"],
        labels={"entities": DRUG_AND_DISEASE, "classes": {"a": {"en": "a", "zh": "a"}}},
        map={
            "text": "text",
            "entities": {"spans": "spans"},
            "labels": {"path": "y"},
            "choices": {"path": "c"},
            "answers": {"key": "a"},
            "target": "summary",
            "rationale": "why",
            "score": "s",
        },
        splits={"test": {"sources": [{"files": ["t"]}], "gold": False}},
    )
    row = {"text": "x", "entities": [{"type": "?", "spans": [[0, 0]]}], "y": "unknown", "c": ["p", "q"],
           "a": "?", "summary": "-", "why": "-", "s": "n/a"}  # fmt: skip
    record = normalise(spec, row, split="test").only

    assert record.text == "x" and record.choices is not None
    gold = ("entities", "labels", "answers", "target", "rationale", "score", "extra")
    assert {name: getattr(record, name) for name in gold} == dict.fromkeys(gold)


# --- what is kept besides ---------------------------------------------------------------------


def test_whatever_no_path_names_is_kept() -> None:
    spec = dataset(
        map={
            "text": "doc.text",
            "labels": {"path": "y"},
            "entities": {"each": "doc.mentions", "spans": "spans"},
            "drop": ["copy"],
        }
    )
    row = {
        "doc": {"text": "x", "mentions": [], "source": {"year": 2020}},
        "y": "a",
        "copy": "x",
        "note": "kept",
        "empty": "",
        "nothing": None,
    }

    assert extra(normalise(spec, row).only) == {"doc": {"source": {"year": 2020}}, "note": "kept"}


def test_a_row_that_is_one_annotation_keeps_only_what_that_does_not_read() -> None:
    args = {"Head": {"text": "head"}, "Tail": {"text": "tail"}}
    spec = dataset(
        tasks=["re"], map={"text": "text", "relations": {"each": ".", "type": "rel", "args": args}}
    )
    record = normalise(spec, {"text": "x", "rel": "r", "head": "a", "tail": "b", "by": "me"}).only

    assert len(record.relations or []) == 1
    assert extra(record) == {"by": "me"}


# --- nothing is lost --------------------------------------------------------------------------


def test_every_row_becomes_a_record_or_a_drop() -> None:
    spec = dataset(map={"id": "id", "text": "text"})
    rows = [
        {"id": "1", "text": "a"},
        BadRow("x:2", "JSON", "{"),
        {"id": "3", "text": " "},
        {"id": "1", "text": "a"},
        {"id": "5", "text": "e"},
    ]
    result = normalise(spec, *rows)

    assert [(d.stage, d.unit, d.id, d.reason) for d in result.drops] == [
        ("read", "row", "x:2", "row_malformed"),
        ("normalise", "record", "toy/train/3", "text_empty"),
        ("normalise", "record", "toy/train/1", "row_duplicate"),
    ]
    tally = result.tally
    assert (tally.records, tally.dropped, tally.bad_rows) == (2, 2, 1)
    assert tally.records + tally.dropped + tally.bad_rows == len(rows)
    assert tally.faults == {"row_duplicate": 1, "row_malformed": 1, "text_empty": 1}


def test_a_drop_says_which_row_it_was() -> None:
    (drop,) = normalise(dataset(map={"text": "text"}), {"text": ""}).drops

    assert drop.detail == "train.jsonl:1: a document without text"


@pytest.mark.parametrize(
    "row", [{"text": "\ud83d"}, {"text": "x", "note": "\udc00"}, {"text": "x", "id": "\ud83d"}]
)
def test_half_a_surrogate_pair_is_no_text(row: dict[str, Any]) -> None:
    result = normalise(dataset(map={"id": "id", "text": "text"}), row)

    assert result.reasons == [("record", "row_malformed")]
    assert result.drops[0].id.encode()


@pytest.mark.parametrize("passages", ["x", [{"type": "title"}], [{"type": "t", "start": 0, "end": "x"}]])  # fmt: skip
def test_what_are_no_passages_makes_a_malformed_row(passages: Any) -> None:
    spec = dataset(map={"text": "text", "passages": "p"})

    assert normalise(spec, {"text": "x", "p": passages}).reasons == [("record", "row_malformed")]


def test_a_passage_outside_the_text_is_a_fault() -> None:
    spec = dataset(map={"text": "text", "passages": "p"})
    row = {"text": "x", "p": [{"type": "title", "start": 0, "end": 9}]}

    assert normalise(spec, row).reasons == [("record", "span_out_of_text")]
