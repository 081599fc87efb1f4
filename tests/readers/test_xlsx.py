"""Workbooks."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import Row
from taiyi_corpus.readers.xlsx import read
from taiyi_corpus.sources.member import Member
from tests.readers.members import data, make_member


def book(folder: Path, **sheets: list[list[object]]) -> Member:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return make_member(folder, file.getvalue(), "b.xlsx")


def test_each_row_below_the_header_is_a_row(tmp_path: Path) -> None:
    member = book(tmp_path, one=[["id", "q"], [1, "咳嗽？"], [None, None], [3, None]])
    assert list(read([member])) == [
        Row("b.xlsx:2", None, {"id": 1, "q": "咳嗽？"}),
        Row("b.xlsx:4", None, {"id": 3, "q": None}),
    ]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (7, 7),
        (7.0, 7),
        (7.25, 7.25),
        ("7", "7"),
        (True, True),
        (datetime.date(2021, 3, 4), "2021-03-04"),
        (datetime.datetime(2021, 3, 4, 5, 6, 7), "2021-03-04T05:06:07"),
        (datetime.time(5, 6), "05:06:00"),
    ],
)
def test_cells_are_plain_values(tmp_path: Path, cell: object, wanted: object) -> None:
    (row,) = data(read([book(tmp_path, one=[["a"], [cell]])]))
    assert row == {"a": wanted}
    assert type(row["a"]) is type(wanted)


def test_the_header_may_stand_lower(tmp_path: Path) -> None:
    member = book(tmp_path, one=[["A title"], [None], ["id", "q"], [1, "x"]])
    assert list(read([member], header_row=3)) == [Row("b.xlsx:4", None, {"id": 1, "q": "x"})]


def test_a_sheet_without_a_header_has_its_columns_named(tmp_path: Path) -> None:
    member = book(tmp_path, one=[["A00", "霍乱"], ["A01", "伤寒"]])
    rows = read([member], header_row=0, columns=["code", "term"])
    assert data(rows) == [{"code": "A00", "term": "霍乱"}, {"code": "A01", "term": "伤寒"}]


def test_columns_take_the_place_of_the_header(tmp_path: Path) -> None:
    assert data(read([book(tmp_path, one=[["x", "y"], [1, 2]])], columns=["a", "b"])) == [
        {"a": 1, "b": 2}
    ]


def test_a_column_without_a_name_is_left_out(tmp_path: Path) -> None:
    member = book(tmp_path, one=[["a", None, "b", None], [1, None, 2, "remark"]])
    assert data(read([member])) == [{"a": 1, "b": 2}]


def test_the_sheet_may_be_named(tmp_path: Path) -> None:
    member = book(tmp_path, notes=[["a"], [1]], terms=[["a"], [2]])
    assert data(read([member], sheet="terms")) == [{"a": 2}]
    with pytest.raises(SourceError, match=r"a sheet 'term'.*Did you mean 'terms'\?"):
        list(read([member], sheet="term"))


def test_a_header_with_a_name_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"b\.xlsx:1: .*'a' more than once"):
        list(read([book(tmp_path, one=[["a", "a"], [1, 2]])]))


def test_a_header_below_the_last_row_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="column names in row 9"):
        list(read([book(tmp_path, one=[["a"], [1]])], header_row=9))


def test_what_is_no_workbook_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"b\.xlsx: wanted a workbook"):
        list(read([make_member(tmp_path, "a,b\n", "b.xlsx")]))
