"""Rows are joined with side tables and cut at lists before they are mapped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.reshape import cut, join
from taiyi_corpus.normalise.split import read_split
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.dataset import ReaderSpec, SideTable
from taiyi_corpus.spec.mapping import Match
from taiyi_corpus.spec.record_map import RowsMap
from tests.toys import dataset


def table(*rows: dict[str, Any]) -> list[Row]:
    return [Row(f"t:{n}", None, row) for n, row in enumerate(rows)]


def side_table(**given: Any) -> SideTable:
    return SideTable(files=["t.tsv"], reader=ReaderSpec(format="csv"), **given)


MENTIONS = table(
    {"document": "1", "id": "T1", "start": "0"},
    {"document": "2", "id": "T1", "start": "3"},
    {"document": " 1", "id": "T2", "start": "5"},
)


def test_a_row_gets_the_rows_that_name_it() -> None:
    tables = {"mentions": side_table(key="document", to="pmid")}

    first, second = join(iter(table({"pmid": 1}, {"pmid": 3})), tables, {"mentions": MENTIONS})

    assert isinstance(first, Row)
    assert first.data == {
        "pmid": 1,
        "mentions": [{"id": "T1", "start": "0"}, {"id": "T2", "start": "5"}],
    }
    assert isinstance(second, Row)
    assert second.data["mentions"] == []


def test_the_key_may_be_a_part_of_a_text_the_first_of_several() -> None:
    number = r"\b(\d)\b"
    to = [Match(path="asked", match=number), Match(path="query", match=number)]
    rows = table({"asked": "Which of 2?", "query": "1"}, {"asked": "Which?", "query": "id = 1"})

    found = list(
        join(iter(rows), {"mentions": side_table(key="document", to=to)}, {"mentions": MENTIONS})
    )

    starts = [[m["start"] for m in row.data["mentions"]] for row in found if isinstance(row, Row)]
    assert starts == [["3"], ["0", "5"]]


def test_a_row_that_must_have_others_is_broken_without_them() -> None:
    tables = {"mentions": side_table(key="document", to="pmid", required=True)}
    [row] = join(iter(table({"pmid": 3})), tables, {"mentions": MENTIONS})
    assert row == BadRow("t:0", "a row of `mentions` for '3'", "none", None)


def test_a_table_without_a_key_is_left_to_the_adapter() -> None:
    [row] = join(iter(table({"pmid": 1})), {"mentions": side_table()}, {"mentions": MENTIONS})
    assert isinstance(row, Row)
    assert row.data == {"pmid": 1}


def cut_rows(each: str, *rows: dict[str, Any], **given: Any) -> list[dict[str, Any]]:
    found = list(cut(iter(table(*rows)), RowsMap(each=each, **given)))
    return [row.data for row in found if isinstance(row, Row)]


def test_each_element_is_a_row_with_what_stands_around_it() -> None:
    pairs = [{"Q": "q1", "id": "own"}, {"Q": "q2"}]
    assert cut_rows("pairs", {"id": 5, "pairs": pairs}, number="n", row="row") == [
        {"id": "own", "Q": "q1", "n": 0, "row": 0},
        {"id": 5, "Q": "q2", "n": 1, "row": 0},
    ]


def test_no_field_of_a_row_is_written_over() -> None:
    with pytest.raises(InputError, match="n: wanted a name that no field of the rows has"):
        cut_rows("pairs", {"n": 5, "pairs": [{"Q": "q"}]}, number="n")
    tables = {"pmid": side_table(key="document", to="pmid")}
    with pytest.raises(InputError, match="pmid: wanted a name"):
        list(join(iter(table({"pmid": 1})), tables, {"pmid": MENTIONS}))


def test_lists_in_lists_are_cut_too() -> None:
    document = {
        "id": 1,
        "paragraphs": [
            {"p": "a", "sentences": [{"s": "a1"}, {"s": "a2"}]},
            {"p": "b", "sentences": [{"s": "b1"}]},
        ],
    }
    assert [(row["id"], row["p"], row["s"]) for row in cut_rows("paragraphs.sentences", document)] == [
        (1, "a", "a1"),
        (1, "a", "a2"),
        (1, "b", "b1"),
    ]  # fmt: skip


@pytest.mark.parametrize("pairs", [[], None])
def test_a_row_without_elements_stays(pairs: Any) -> None:
    assert cut_rows("pairs", {"id": 6, "pairs": pairs}, number="n") == [{"id": 6, "n": 0}]


def test_an_element_that_is_no_object_is_a_value() -> None:
    assert cut_rows("said", {"said": ["Hi.", "Yes?"]}) == [{"value": "Hi."}, {"value": "Yes?"}]


def test_rows_of_one_file_get_keys_of_their_own_and_broken_ones_pass() -> None:
    rows: list[Row | BadRow] = [Row("a.json", "a", {"x": [1, 2]}), BadRow("b.json", "JSON", "none")]
    first, second, broken = cut(iter(rows), RowsMap(each="x"))
    assert (first.key, second.key) == ("a-0", "a-1")
    assert first.where == "a.json:0"
    assert broken is rows[1]


def test_a_dataset_is_joined_and_cut_by_its_registry_file_alone(tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text("pmid,title\n1,One.\n2,Two.\n")
    (tmp_path / "asked.jsonl").write_text(
        '{"pmid": 1, "pairs": [{"q": "A?"}, {"q": "B?"}]}\n{"pmid": 9, "pairs": [{"q": "C?"}]}\n'
    )
    spec = dataset(
        tasks=["qa_cqa"],
        splits={"train": {"sources": [{"files": ["asked.jsonl"]}]}},
        side={
            "texts": {
                "files": ["texts.csv"],
                "reader": {"format": "csv"},
                "key": "pmid",
                "to": "pmid",
                "required": True,
            }
        },
        rows={"each": "pairs", "number": "n"},
        map={
            "id": {"join": ["pmid", "n"], "with": "-", "repeats": True},
            "question": "q",
            "context": "texts.0.title",
        },
    )

    items = list(read_split(locate(spec, tmp_path), "train", "raw"))

    records = [item for item in items if isinstance(item, Record)]
    assert [(r.id, r.question, r.context, r.extra) for r in records] == [
        ("toy/train/1-0", "A?", "One.", None),
        ("toy/train/1-1", "B?", "One.", None),
    ]
    assert [drop.reason for drop in items if isinstance(drop, Drop)] == ["row_malformed"]
