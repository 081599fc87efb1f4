"""JSON documents."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.readers.json import read
from taiyi_corpus.readers.json_stream import JsonStream
from tests.readers.members import data, good, make_member
from tests.readers.test_jsonl import VALUES


def test_each_element_of_a_list_is_a_row(tmp_path: Path) -> None:
    member = make_member(tmp_path, '[\n  {"id": 7},\n  {"id": 8}\n]\n')
    assert list(read([member])) == [
        Row("a.txt#0", None, {"id": 7}),
        Row("a.txt#1", None, {"id": 8}),
    ]


def test_the_list_may_lie_inside_the_document(tmp_path: Path) -> None:
    content = '{"version": [1, 2], "data": {"dev": [], "train": [{"id": 7}]}, "tail": {}}'
    assert data(read([make_member(tmp_path, content)], path="data.train")) == [{"id": 7}]


def test_the_rows_may_be_the_values_of_an_object(tmp_path: Path) -> None:
    content = '{"10023": {"answer": "yes"}, "10024": {"answer": "no"}}'
    assert list(read([make_member(tmp_path, content)], keys=True)) == [
        Row("a.txt#0", "10023", {"_key": "10023", "answer": "yes"}),
        Row("a.txt#1", "10024", {"_key": "10024", "answer": "no"}),
    ]


def test_keys_may_stand_at_a_path_and_under_a_name(tmp_path: Path) -> None:
    content = '{"gold": {"10023": "yes", "10024": ["no"]}}'
    rows = read([make_member(tmp_path, content)], keys=True, path="gold", key_field="pmid")
    assert data(rows) == [
        {"pmid": "10023", "value": "yes"},
        {"pmid": "10024", "items": ["no"]},
    ]


def test_a_key_does_not_cover_a_field(tmp_path: Path) -> None:
    member = make_member(tmp_path, '{"10023": {"pmid": "other"}}')
    with pytest.raises(SourceError, match="Set `key_field`"):
        list(read([member], keys=True, key_field="pmid"))


def test_one_object_is_one_row_with_the_stem_of_the_file_for_its_key(tmp_path: Path) -> None:
    members = [make_member(tmp_path, '{"t": "one"}', "docs/d1.json")]
    assert list(read(members)) == [Row("docs/d1.json#0", "d1", {"t": "one"})]


def test_rows_that_are_no_objects(tmp_path: Path) -> None:
    content = '[["病人：咳嗽", "医生：多久了"], "alone", null]'
    wanted = [{"items": ["病人：咳嗽", "医生：多久了"]}, {"value": "alone"}, {"value": None}]
    assert data(read([make_member(tmp_path, content)])) == wanted


def test_what_is_no_number_is_null(tmp_path: Path) -> None:
    content = '[{"a": NaN, "b": -Infinity}, {"a": [Infinity]}]'
    assert data(read([make_member(tmp_path, content)])) == [{"a": None, "b": None}, {"a": [None]}]


def test_half_a_surrogate_pair_is_a_broken_row(tmp_path: Path) -> None:
    content = '[{"q": "\\ud83d\\ude00"}, {"q": "\\ud83d"}, {"q": "c"}]'
    assert list(read([make_member(tmp_path, content)])) == [
        Row("a.txt#0", None, {"q": "😀"}),
        BadRow("a.txt#1", "text", "half a surrogate pair"),
        Row("a.txt#2", None, {"q": "c"}),
    ]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('[\n  {"id": 7},\n  {"id" 8}\n]', "a.txt:3:9"),
        ('[\n  {"id": 7}\n', "a.txt:3:1"),
        ('[\n  {"id": 7,', "a.txt:2:12"),
        ('[{"id": 7}, ]', "a.txt:1:13"),
        ('{"id": 7} x', "a.txt:1:11"),
        ('[{"q": "never closed]', "a.txt:1:8"),
        ("", "a.txt:1:1"),
        ("just text", "a.txt:1:1"),
        ("[" * 100_000, "a.txt:1:2"),
    ],
)
def test_a_broken_document_is_an_error_with_line_and_column(
    tmp_path: Path, content: str, where: str
) -> None:
    with pytest.raises(SourceError) as caught:
        list(read([make_member(tmp_path, content)]))
    assert [fault.where for fault in caught.value.faults] == [where]


def test_json_lines_are_for_the_other_reader(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="use the reader `jsonl`"):
        list(read([make_member(tmp_path, '{"id": 7}\n{"id": 8}\n')]))


def test_a_path_that_is_not_there_names_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"wanted a field 'train'.*Did you mean 'trian'\?"):
        list(read([make_member(tmp_path, '{"trian": [], "dev": []}')], path="train"))


def test_a_path_into_a_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a.txt:1:7: wanted '\{', found '\['"):
        list(read([make_member(tmp_path, '{"a": [1]}')], path="a.b"))


@given(VALUES, st.integers(1, 12), st.sampled_from([None, 2]))
def test_a_value_is_read_whole_wherever_the_pieces_end(
    value: object, piece: int, indent: int | None
) -> None:
    text = json.dumps([value, value], indent=indent)
    wanted = json.loads(text, parse_constant=lambda _: None)
    stream = JsonStream(io.StringIO(text), "a.json", piece)
    assert [stream.value() for _ in stream.elements()] == wanted
    assert stream.peek() == ""


def test_a_list_is_read_in_bounded_memory() -> None:
    class Endless(io.StringIO):
        """A list of rows that never ends."""

        taken = 0

        def read(self, size: int | None = -1) -> str:
            assert size is not None
            self.taken += size
            return ('{"id": 7},' * (size // 10 + 1))[:size] if self.taken > size else "["

    file = Endless()
    stream = JsonStream(file, "a.json", piece=1000)
    rows = stream.elements()
    for _ in range(500):
        next(rows)
        assert stream.value() == {"id": 7}
    assert file.taken < 10_000


def test_an_error_late_in_a_document_still_knows_its_line() -> None:
    text = "[\n" + '{"id": 7},\n' * 1000 + '{"id": oops}\n]'
    stream = JsonStream(io.StringIO(text), "a.json", piece=64)
    with pytest.raises(SourceError, match=r"a\.json:1002:8: wanted JSON"):
        for _ in stream.elements():
            stream.value()


def test_rows_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    content = (
        "[" + ",".join(f'{{"id": {n}, "pad": "{"x" * 1000}"}}' for n in range(3000)) + ", oops"
    )
    rows = read([make_member(tmp_path, content)])
    first = next(rows)
    assert isinstance(first, Row)
    assert first.data["id"] == 0
    with pytest.raises(SourceError):
        good(rows)


def test_lists_of_one_length_are_the_columns_of_rows(tmp_path: Path) -> None:
    member = make_member(tmp_path, '{"title": ["a", "b"], "answer": ["1", "2"]}')
    assert data(read([member], columns=True)) == [
        {"title": "a", "answer": "1"},
        {"title": "b", "answer": "2"},
    ]


@pytest.mark.parametrize("text", ['{"title": ["a"], "answer": []}', '{"title": "a"}', "[1]"])
def test_what_are_no_columns_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="an object of lists of one length"):
        list(read([make_member(tmp_path, text)], columns=True))
