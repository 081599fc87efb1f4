"""Lines, whole texts, blocks of lines."""

from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.readers import BadRow, Row, blocks, lines, text
from tests.readers.members import data, make_member


def test_each_line_is_a_row(tmp_path: Path) -> None:
    member = make_member(tmp_path, "one\r\n\n  two\rtoo \nlast", "l.txt")
    assert list(lines.read([member])) == [
        Row("l.txt:1", None, {"line": 1, "text": "one"}),
        Row("l.txt:2", None, {"line": 2, "text": ""}),
        Row("l.txt:3", None, {"line": 3, "text": "  two\rtoo "}),
        Row("l.txt:4", None, {"line": 4, "text": "last"}),
    ]


def test_blank_lines_may_be_skipped_and_still_count(tmp_path: Path) -> None:
    rows = lines.read([make_member(tmp_path, "one\n \ntwo\n")], skip_blank=True)
    assert data(rows) == [{"line": 1, "text": "one"}, {"line": 3, "text": "two"}]


def test_line_ends_may_be_kept(tmp_path: Path) -> None:
    rows = lines.read([make_member(tmp_path, "one\r\ntwo")], strip_newline=False)
    assert data(rows) == [{"line": 1, "text": "one\r\n"}, {"line": 2, "text": "two"}]


def test_each_file_is_a_row_with_its_text_untouched(tmp_path: Path) -> None:
    members = [
        make_member(tmp_path, "a\r\nb\rc\n", "texts/pos/101.txt"),
        make_member(tmp_path, "", "102.tar.txt"),
    ]
    assert list(text.read(members)) == [
        Row(
            "texts/pos/101.txt",
            "101",
            {"stem": "101", "folder": "pos", "name": "101.txt", "text": "a\r\nb\rc\n"},
        ),
        Row(
            "102.tar.txt",
            "102.tar",
            {"stem": "102.tar", "folder": "", "name": "102.tar.txt", "text": ""},
        ),
    ]


def test_files_with_another_suffix_are_passed_over(tmp_path: Path) -> None:
    members = [make_member(tmp_path, "a", "1.txt"), make_member(tmp_path, "b", "1.ann")]
    assert [row["name"] for row in data(text.read(members, suffix=".txt"))] == ["1.txt"]


DIALOGUES = "\n\nid=1\r\nPatient:\r\nMy knee\rhurts.\n\nSince May.\n\n\nid=2\nDoctor:\nRest.\n"


def test_each_block_of_lines_is_a_row(tmp_path: Path) -> None:
    member = make_member(tmp_path, DIALOGUES, "d.txt")
    assert list(blocks.read([member], start="id=")) == [
        Row("d.txt:3", None, {"lines": ["id=1", "Patient:", "My knee\rhurts.", "", "Since May."]}),
        Row("d.txt:10", None, {"lines": ["id=2", "Doctor:", "Rest."]}),
    ]


def test_the_first_group_of_the_pattern_is_the_key(tmp_path: Path) -> None:
    rows = blocks.read([make_member(tmp_path, DIALOGUES)], start=r"id=(\d+)$")
    assert [row.key for row in rows if isinstance(row, Row)] == ["1", "2"]


def test_what_stands_before_the_first_block_is_a_broken_row(tmp_path: Path) -> None:
    member = make_member(tmp_path, "\nPatient:\nHello\n\nid=2\nDoctor:\n")
    assert list(blocks.read([member], start="id=")) == [
        BadRow("a.txt:2", "a first line that matches 'id='", "2 lines before it, from 'Patient:'"),
        Row("a.txt:5", None, {"lines": ["id=2", "Doctor:"]}),
    ]


def test_a_block_ends_with_its_file(tmp_path: Path) -> None:
    members = [make_member(tmp_path, "id=1\na\n", "1"), make_member(tmp_path, "b\nid=2\n", "2")]
    assert [row.where for row in blocks.read(members, start="id=")] == ["1:1", "2:1", "2:2"]


def test_a_pattern_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"start: wanted a regular expression, found 'id=\('"):
        list(blocks.read([make_member(tmp_path, "")], start="id=("))


def test_the_name_of_the_file_may_stand_in_the_rows(tmp_path: Path) -> None:
    member = make_member(tmp_path, "id=1\nHi.\n", "books/one.txt")
    assert next(lines.read([member], stem="title")) == Row(
        "books/one.txt:1", None, {"title": "one", "line": 1, "text": "id=1"}
    )
    assert next(blocks.read([member], start="id=", stem="title")) == Row(
        "books/one.txt:1", None, {"title": "one", "lines": ["id=1", "Hi."]}
    )
