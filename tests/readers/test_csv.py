"""Tables in text."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.readers.csv import read
from tests.readers.members import data, make_member


def test_each_line_below_the_header_is_a_row(tmp_path: Path) -> None:
    member = make_member(tmp_path, "id,note\n1,ok\n\n2,\n", "t.csv")
    assert list(read([member])) == [
        Row("t.csv:2", None, {"id": "1", "note": "ok"}),
        Row("t.csv:4", None, {"id": "2", "note": ""}),
    ]


def test_a_quoted_cell_may_hold_anything(tmp_path: Path) -> None:
    content = 'id,note\r\n1,"one, ""two""\nthree"\r\n2,last\r\n'
    assert list(read([make_member(tmp_path, content)])) == [
        Row("a.txt:2", None, {"id": "1", "note": 'one, "two"\nthree'}),
        Row("a.txt:4", None, {"id": "2", "note": "last"}),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2,b,c", "3 columns"),
        ("2", "1 columns"),
        ('2,"b"c', "expected after"),
        ("2,b\rc", "new-line character"),
        ("2,\0", "a NUL character in line 3"),
    ],
)
def test_a_row_that_does_not_keep_the_format_is_broken_and_reading_goes_on(
    tmp_path: Path, line: str, found: str
) -> None:
    rows = list(read([make_member(tmp_path, f"id,note\n1,a\n{line}\n3,c\n")]))
    assert [row.where for row in rows] == ["a.txt:2", "a.txt:3", "a.txt:4"]
    assert isinstance(rows[1], BadRow)
    assert found in rows[1].found


def test_a_quote_that_is_never_closed_says_how_far_it_reaches(tmp_path: Path) -> None:
    rows = list(read([make_member(tmp_path, 'id,note\n1,a\n2,"b\n3,c\n')]))
    assert rows[0] == Row("a.txt:2", None, {"id": "1", "note": "a"})
    assert isinstance(rows[1], BadRow)
    assert rows[1].where == "a.txt:3"
    assert "(lines 3 to 4)" in rows[1].found
    assert len(rows) == 2


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taiyi_corpus.readers.csv.CELL_LIMIT", 1000)
    before = csv.field_size_limit(1000)
    try:
        rows = list(read([make_member(tmp_path, 'id,note\n1,"a\n' + "2,b\n" * 1000)]))
    finally:
        csv.field_size_limit(before)
    assert isinstance(rows[0], BadRow)
    assert "field limit" in rows[0].found
    assert rows[-1] == Row("a.txt:1002", None, {"id": "2", "note": "b"})


def test_a_cell_may_be_an_article(tmp_path: Path) -> None:
    text = "x" * 1_000_000
    assert data(read([make_member(tmp_path, f"id,text\n1,{text}\n")])) == [
        {"id": "1", "text": text}
    ]


def test_short_rows_may_be_padded_long_ones_may_not(tmp_path: Path) -> None:
    member = make_member(tmp_path, "a,b,c\n1\n1,2\n1,2,3,4\n")
    assert list(read([member], ragged="pad")) == [
        Row("a.txt:2", None, {"a": "1", "b": None, "c": None}),
        Row("a.txt:3", None, {"a": "1", "b": "2", "c": None}),
        BadRow("a.txt:4", "3 columns", "4 columns"),
    ]


def test_without_quoting_a_quote_is_a_character(tmp_path: Path) -> None:
    content = '101\t"Abl" is a kinase\r\n102\t5" of\rsnow\n'
    rows = read(
        [make_member(tmp_path, content)],
        delimiter="\t",
        quoting="none",
        header=False,
        columns=["pmid", "text"],
    )
    assert data(rows) == [
        {"pmid": "101", "text": '"Abl" is a kinase'},
        {"pmid": "102", "text": '5" of\rsnow'},
    ]


def test_columns_take_the_place_of_the_header(tmp_path: Path) -> None:
    member = make_member(tmp_path, "Term 1,Term 2\nflu,cold\n")
    assert data(read([member], columns=["a", "b"])) == [{"a": "flu", "b": "cold"}]


@pytest.mark.parametrize(
    ("header", "wanted"), [("a,,b,", {"a": "1", "b": "3"}), (",,b, ", {"b": "3"})]
)
def test_a_column_without_a_name_is_left_out(
    tmp_path: Path, header: str, wanted: dict[str, str]
) -> None:
    assert data(read([make_member(tmp_path, f"{header}\n1,2,3,4\n")])) == [wanted]


def test_lines_before_the_header_are_skipped(tmp_path: Path) -> None:
    member = make_member(tmp_path, '# a "note\n#\n\nid,note\n1,a\n')
    assert list(read([member], skip=2)) == [Row("a.txt:5", None, {"id": "1", "note": "a"})]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", {}, "an empty file"),
        ("a,b,a\n", {}, "'a' more than once"),
        (",\n1,2\n", {}, "a header with column names"),
        ('"a"b,c\n', {}, "expected after"),
        ("a,b\n", {"columns": ["a"]}, r"as many columns as `columns` names \(1\)"),
        ("a\0,b\n", {}, "a NUL character"),
    ],
)
def test_a_header_that_names_no_columns_is_an_error(
    tmp_path: Path, content: str, options: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        list(read([make_member(tmp_path, content)], **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"header": False}, {"delimiter": "||"}, {"delimiter": ""}])
def test_options_that_cannot_be_are_errors(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        list(read([make_member(tmp_path, "1,2\n")], **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("quoting", ["minimal", "none"])
def test_bytes_that_do_not_decode_may_spoil_their_row_only(tmp_path: Path, quoting: str) -> None:
    content = (
        "科室,标题\n内科,咳嗽\n外科,".encode("gbk") + b"\xff\xfe\n" + "儿科,发热\n".encode("gbk")
    )
    rows = read(
        [make_member(tmp_path, content)],
        encoding="gbk",
        bad_bytes="row",
        quoting=quoting,  # type: ignore[arg-type]
    )
    assert list(rows) == [
        Row("a.txt:2", None, {"科室": "内科", "标题": "咳嗽"}),
        BadRow("a.txt:3", "gbk text", "bytes ff fe in line 3"),
        Row("a.txt:4", None, {"科室": "儿科", "标题": "发热"}),
    ]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)
    ),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, end: str
) -> None:
    names = [f"c{n}" for n in range(len(rows[0]))]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows])
    member = make_member(tmp_path_factory.mktemp("csv"), file.getvalue())
    wanted = [dict(zip(names, row, strict=True)) for row in rows]
    assert data(read([member], delimiter=delimiter)) == wanted
