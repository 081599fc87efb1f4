"""JSON lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.readers.jsonl import read
from tests.readers.members import data, good, make_member

GOOD = '{"id": 7, "q": "Is it flu?"}\n\n{"id": 8, "q": "Is it \\u80ba\\u708e?"}\n'


def test_each_line_is_a_row(tmp_path: Path) -> None:
    assert list(read([make_member(tmp_path, GOOD)])) == [
        Row("a.txt:1", None, {"id": 7, "q": "Is it flu?"}),
        Row("a.txt:3", None, {"id": 8, "q": "Is it 肺炎?"}),
    ]


def test_files_follow_each_other(tmp_path: Path) -> None:
    members = [make_member(tmp_path, '{"n": 1}', "b"), make_member(tmp_path, '{"n": 2}\r\n', "a")]
    assert [(row.where, row.data) for row in good(read(members))] == [
        ("b:1", {"n": 1}),
        ("a:1", {"n": 2}),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{"id": 8,, "q": 1}', "column 10"),
        ('{"id": 8', "delimiter"),
        ('{"id": 8} {"id": 9}', "Extra data"),
        ('{"q": "\\ud83d"}', "half a surrogate pair"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_broken_line_is_a_broken_row_and_reading_goes_on(
    tmp_path: Path, line: str, found: str
) -> None:
    rows = list(read([make_member(tmp_path, f'{{"id": 7}}\n{line}\n{{"id": 9}}\n')]))
    assert [row.where for row in rows] == ["a.txt:1", "a.txt:2", "a.txt:3"]
    assert isinstance(rows[1], BadRow)
    assert found in rows[1].found


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_null(tmp_path: Path, token: str) -> None:
    line = f'{{"start": {token}, "end": [2.5, {token}]}}'
    assert data(read([make_member(tmp_path, line)])) == [{"start": None, "end": [2.5, None]}]


def test_numbers_keep_their_size(tmp_path: Path) -> None:
    line = '{"n": 123456789012345678901234567890}'
    assert data(read([make_member(tmp_path, line)])) == [{"n": 123456789012345678901234567890}]


def test_lines_that_are_no_objects(tmp_path: Path) -> None:
    content = '["a", "b"]\n"c"\nnull\n'
    wanted = [{"items": ["a", "b"]}, {"value": "c"}, {"value": None}]
    assert data(read([make_member(tmp_path, content)])) == wanted


def test_rows_may_lie_in_a_list_inside_each_line(tmp_path: Path) -> None:
    content = '{"doc": {"qas": [{"n": 1}, {"n": 2}]}}\n{"doc": {}}\n{"doc": {"qas": [{"n": 3}]}}\n'
    assert list(read([make_member(tmp_path, content)], path="doc.qas")) == [
        Row("a.txt:1#0", None, {"n": 1}),
        Row("a.txt:1#1", None, {"n": 2}),
        BadRow("a.txt:2", "a list at 'doc.qas'", "NoneType"),
        Row("a.txt:3#0", None, {"n": 3}),
    ]


@pytest.mark.parametrize("content", ['[\n  {"id": 7}\n]\n', '{\n "id": 7\n}\n', '[{"id": 7},\n'])
def test_one_document_over_several_lines_is_for_the_other_reader(
    tmp_path: Path, content: str
) -> None:
    with pytest.raises(SourceError, match="use the reader `json`"):
        list(read([make_member(tmp_path, content)]))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=3), st.booleans())
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]], ascii_only: bool
) -> None:
    content = "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows)
    # json.dumps writes floats beyond the doubles as Infinity, which reads as null.
    wanted = [json.loads(json.dumps(row), parse_constant=lambda _: None) for row in rows]
    assert data(read([make_member(tmp_path_factory.mktemp("jsonl"), content)])) == wanted
