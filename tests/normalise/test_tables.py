"""Records made column by column: the same tables, drops and counts as row by row."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyi_corpus import paths
from taiyi_corpus.kept import file_hash
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise import store
from taiyi_corpus.normalise.split import read_split, read_tables
from taiyi_corpus.normalise.store import Job, normalise_dataset
from taiyi_corpus.normalise.stream import IdTaken, Tally
from taiyi_corpus.readers import json_batches, json_documents, table_batches
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import Located, locate
from taiyi_corpus.spec.registry import load_registry
from tests.toys import dataset

REGISTRY = load_registry([paths.bundled("registry")])
CLASSES = {"classes": {"good": {"en": "good", "zh": "好"}, "bad": {"en": "bad", "zh": "坏"}}}
MAPS: dict[str, dict[str, Any]] = {
    "class": {"id": "id", "documents": [{"ns": "n", "id": "id"}], "text": "a", "labels": {"path": "b"}},
    "classes": {"text": "a", "labels": {"path": "b", "split": ";", "names": {"g": "good"}, "none": ["", "-"]}},
    "ticked classes": {"text": "a", "labels": {"columns": ["b", "c"]}},
    "any text as a class": {"text": "a", "labels": {"path": {"join": ["b", "c"]}}},
    "document by pattern": {
        "text": "a", "documents": [{"ns": "n", "id": "b", "match": "(\\d)"}, {"ns": "m", "id": "c"}]
    },
    "pair": {"text_a": "a", "text_b": "b", "group": "a", "score": "c", "drop": ["id"]},
    "mean": {"text_a": "a", "text_b": "a", "score": {"mean": ["b", "c"]}},
    "question": {"question": {"join": ["a", "b"], "heads": {"a": "A: "}}, "answers": {"text": "c"}},
    "answer by pattern": {
        "question": {"join": ["a", "b"], "skip": ["good"]}, "answers": {"text": {"path": "c", "match": "(.)$"}}
    },
    "translation": {
        "source": {"path": "a", "names": {"good": "fine"}}, "target": "b", "source_language": {"const": "en"}
    },
    "nested": {"question": "a.0", "answers": {"text": "b.k"}, "context": "c.d"},
}  # fmt: skip
CHOICES = {"id": "id", "question": "a", "choices": {"path": "b"}, "answers": {"key": "c"}}
TOLD = {"question": "a", "choices": {"path": "b"}, "answers": {"text": "c"}}
TURNS = {"turns": {"each": "b", "roles": {"d": "assistant", "p": "user"}, "skip": ["-"]}}


def outcome(items: Any) -> tuple[list[Record], list[Drop], Tally]:
    records: list[Record] = []
    drops: list[Drop] = []
    for item in items:
        if isinstance(item, pa.Table):
            item.validate(full=True)
            records += from_table(item)
        elif isinstance(item, Record):
            records.append(item)
        elif isinstance(item, Drop):
            drops.append(item)
        else:
            return records, drops, item
    raise AssertionError("no tally")


def check(located: Located) -> None:
    for split in located.splits:
        wanted = outcome(read_split(located, split, "raw"))
        try:
            found = outcome(read_tables(located, split, "raw"))
        except IdTaken:
            assert {"row_duplicate", "key_repeated"} & set(wanted[2].faults)
            continue
        assert found == wanted


def located(folder: Path, data: bytes, format: str, map: dict[str, Any]) -> Located:
    (folder / "train.jsonl").write_bytes(data)
    spec = dataset(reader={"format": format}, map=map, labels=CLASSES)
    return locate(spec, folder)


@pytest.mark.parametrize("id_", list(REGISTRY))
def test_every_sample(id_: str) -> None:
    check(locate(REGISTRY[id_], paths.bundled("registry") / "samples" / id_))


CELLS = st.sampled_from([
    "", " ", "a", "药\u3000", "\u3000", "good", "good", "bad", " good", "g;bad", "-", "1", "0.5", "yes", 'a"b', "x\ny",
])  # fmt: skip
IDS = st.sampled_from(["k", "k", " k", "", "\u3000", "k-"])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(MAPS)),
    st.lists(st.tuples(IDS, CELLS, CELLS, CELLS), max_size=12),
    st.integers(8, 200),
)
def test_any_table(name: str, rows: list[tuple[str, ...]], size: int) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = "id,a,b,c\n"
    for number, (key, *cells) in enumerate(rows):
        text += ",".join(map(quoted, [key and f"{key}{number}", *cells])) + "\n"
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_batches, "BLOCK", size)
        check(located(Path(folder), text.encode(), "csv", MAPS[name]))


VALUES = st.one_of(
    CELLS,
    st.sampled_from(
        [
            None,
            1,
            2.0,
            0.5,
            True,
            [],
            {},
            ["good", "药"],
            ["a", None],
            [["a"], 1],
            {"k": "v"},
            {"k": [1]},
        ]
    ),
)


OBJECTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(["a", "b", "c", "c.d", "more", "rest"], VALUES)
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(MAPS)), st.lists(OBJECTS, max_size=8), st.integers(8, 200))
def test_any_json_lines(name: str, rows: list[dict[str, Any]], size: int) -> None:
    check_lines(MAPS[name], rows, size)


def check_lines(map: dict[str, Any], rows: list[dict[str, Any]], size: int) -> None:
    text = "".join(
        json.dumps({"id": f"k{n}"} | row, ensure_ascii=n % 3 == 0) + "\n"
        for n, row in enumerate(rows)
    )
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_batches, "BLOCK", size)
        check(located(Path(folder), text.encode(), "jsonl", map))


TEXTS = st.sampled_from(["a", "b", "药", " a", "", " ", None, 1])
FEW = st.sampled_from(["a", "b", "c"])
OPTIONS = st.one_of(
    st.dictionaries(st.sampled_from("ABC"), FEW, max_size=3),
    st.dictionaries(st.sampled_from("ABC"), TEXTS, max_size=3),
    st.lists(FEW, max_size=3), st.lists(TEXTS, max_size=3),
    st.sampled_from([None, "a", [{"key": "A", "text": "a"}], {"A": ["a"]}]),
)  # fmt: skip
KEYS = st.sampled_from(["A", " B", "C", "a", "b", "", None, 1, ["A"]])


ASKED = st.fixed_dictionaries({"a": FEW, "b": OPTIONS, "c": KEYS})


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([CHOICES, TOLD]), st.lists(ASKED, max_size=6), st.integers(8, 200))
def test_any_options(map: dict[str, Any], rows: list[dict[str, Any]], size: int) -> None:
    check_lines(map, rows, size)


SAID = st.sampled_from(["a", " b ", "药", "-", "", " ", None, 1])
TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["d", "p", "d", "p", "x", None]), "text": SAID}, optional={"more": FEW}
)
DIALOGUES = st.one_of(
    st.lists(TURN, max_size=4),
    st.lists(FEW, max_size=4).map(lambda texts: [{"role": "pd"[n % 2], "text": text} for n, text in enumerate(texts)]),
    st.sampled_from([None, "a", {}, {"0": {"role": "p", "text": "a"}}, ["a"], [{"role": "p"}]]),
)  # fmt: skip


TALKS = st.fixed_dictionaries({"b": DIALOGUES}, optional={"more": VALUES})


@settings(max_examples=100, deadline=None)
@given(st.lists(TALKS, max_size=6), st.integers(8, 300))
def test_any_dialogues(rows: list[dict[str, Any]], size: int) -> None:
    check_lines(TURNS, rows, size)


def test_files_are_the_same_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'k{n},"text, {n}",{("good", "bad", "-")[n % 3]},x\n' for n in range(900))
    place = located(tmp_path, f"id,a,b,c\n{rows}".encode(), "csv", MAPS["class"])
    monkeypatch.setattr(table_batches, "BLOCK", 3_000)
    monkeypatch.setattr("taiyi_corpus.normalise.parts.PART_ROWS", 250)
    made = normalise_dataset(Job(place, "raw", str(tmp_path / "columns")))
    monkeypatch.setattr(store, "read_tables", read_split)
    wanted = normalise_dataset(Job(place, "raw", str(tmp_path / "rows")))
    assert [(part.rows, part.hash) for part in made.parts] == [
        (part.rows, file_hash(Path(part.path))) for part in wanted.parts
    ]
    assert (made.drops_hash, made.tallies) == (wanted.drops_hash, wanted.tallies)
    assert [part.rows for part in made.parts] == [250, 250, 100]
    assert made.tallies["train"].faults == {"label_unknown": 300}


def test_rows_of_the_usual_form_cost_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"id": f"k{n}", "a": f"text {n}", "b": {"A": "x", "B": "y"}, "c": "A"} for n in range(20)
    ]
    rows[7]["c"] = "Z"
    text = "\n".join(map(json.dumps, rows))
    items: list[Any] = list(
        read_tables(located(tmp_path, text.encode(), "jsonl", CHOICES), "train", "raw")
    )
    assert [type(item) for item in items] == [Drop, pa.Table, Tally]
    assert items[0].reason == "answer_not_in_choices"
    assert items[0].detail.startswith("train.jsonl:8: ")
    assert items[1].num_rows == 19


def test_an_id_that_is_there_twice_is_told_apart_as_ever(tmp_path: Path) -> None:
    rows = "k,one,good,x\nk,two,good,x\nk,one,good,x\nl,one,good,x\n"
    place = located(tmp_path, f"id,a,b,c\n{rows}".encode(), "csv", MAPS["class"])
    with pytest.raises(IdTaken):
        list(read_tables(place, "train", "raw"))
    made = normalise_dataset(Job(place, "raw", str(tmp_path)))
    assert made.tallies["train"].faults == {"key_repeated": 1, "row_duplicate": 1}
    assert [part.rows for part in made.parts] == [3]


@st.composite
def alike(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return rows of one form, of which a few differ: keys in another order, nulls, fields left out."""
    texts = st.sampled_from(
        ["a", "good", "bad", ' "x"\\ ', "药\u3000", "", "{", "A", "\\u0041", '\\"b": "']
    )

    def varied(value: dict[str, Any]) -> dict[str, Any]:
        names = list(value)
        if (change := draw(st.integers(0, 19))) == 0:
            names = draw(st.permutations(names))
        elif change == 1:
            names = names[1:]
        elif change == 2:
            value = value | {names[-1]: None}
        return {name: value[name] for name in names}

    return [
        varied({
            "a": draw(texts),
            "b": varied({"A": draw(texts), "B": draw(texts), "key with b": draw(texts)}),
            "c": draw(st.sampled_from(["A", "B ", "b", "a"])),
            "list": draw(st.lists(texts, max_size=3)),
            "turns": [varied({"role": draw(st.sampled_from(["p", "d"])), "text": draw(texts)})],
            "more": draw(texts),
            "number": draw(st.sampled_from([1, -7, 0])),
        })
        for _ in range(draw(st.integers(3, 9)))
    ]  # fmt: skip


FORMS: list[dict[str, Any]] = [
    CHOICES | {"id": "a", "drop": ["turns"]},
    {"question": "list.1", "choices": {"path": "list"}, "answers": {"text": "c"}, "drop": ["turns", "b"]},
    {"question": "list", "answers": {"text": "list"}, "context": "b.A", "drop": ["turns"]},
    {"text": "a", "labels": {"path": "list", "names": {"a": "good", "A": "good"}, "none": [""]}, "drop": ["turns"]},
    {"turns": {"each": "turns", "roles": {"d": "assistant", "p": "user"}}, "context": "number", "drop": ["b", "list"]},
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FORMS), alike(), st.integers(100, 1000))
def test_json_lines_of_one_form(map: dict[str, Any], rows: list[dict[str, Any]], size: int) -> None:
    check_lines(map, rows, size)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FORMS), alike(), st.integers(100, 1000), st.sampled_from([None, 1]))
def test_a_json_list_of_one_form(
    map: dict[str, Any], rows: list[dict[str, Any]], size: int, indent: int | None
) -> None:
    text = json.dumps(rows, indent=indent, ensure_ascii=False)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_documents, "BLOCK", size)
        patch.setattr(json_documents, "SMALL", 0)
        check(located(Path(folder), text.encode(), "json", map))
