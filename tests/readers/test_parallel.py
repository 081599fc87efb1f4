"""Parallel texts, aligned line by line."""

from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.readers import Row
from taiyi_corpus.readers.parallel import read
from tests.readers.members import data, make_member

SIDES = {"zh": ".zh", "en": ".en"}


def test_lines_of_one_number_are_a_row(tmp_path: Path) -> None:
    zh = make_member(tmp_path, "一\r\n二\n", "news.train.zh")
    en = make_member(tmp_path, "one\ntwo", "news.train.en")
    assert list(read([en, zh], sides=SIDES)) == [
        Row("news.train:1", None, {"line": 1, "zh": "一", "en": "one"}),
        Row("news.train:2", None, {"line": 2, "zh": "二", "en": "two"}),
    ]


def test_other_line_separators_are_text(tmp_path: Path) -> None:
    zh = make_member(tmp_path, "一\u2028\n二\x85\n", "a.zh")
    en = make_member(tmp_path, "one\ntwo\n", "a.en")
    assert [row["zh"] for row in data(read([zh, en], sides=SIDES))] == ["一\u2028", "二\x85"]


def test_a_blank_line_is_a_row_and_moves_nothing(tmp_path: Path) -> None:
    zh = make_member(tmp_path, "\n二\n", "a.zh")
    en = make_member(tmp_path, "one\ntwo\n", "a.en")
    assert [row["en"] for row in data(read([zh, en], sides=SIDES))] == ["one", "two"]


def test_each_pair_of_files_starts_anew(tmp_path: Path) -> None:
    members = [
        make_member(tmp_path, f"{name}\n", name) for name in ("a.en", "a.zh", "b.en", "b.zh")
    ]
    assert [row["line"] for row in data(read(members, sides=SIDES))] == [1, 1]


def test_sides_of_unequal_length_are_an_error(tmp_path: Path) -> None:
    zh = make_member(tmp_path, "一\n", "a.zh")
    en = make_member(tmp_path, "one\ntwo\n", "a.en")
    with pytest.raises(SourceError, match="zh ends after line 1"):
        list(read([zh, en], sides=SIDES))


def test_a_file_without_its_counterpart_and_one_of_no_side_are_both_told(tmp_path: Path) -> None:
    members = [make_member(tmp_path, "x\n", name) for name in ("a.zh", "a.fr")]
    with pytest.raises(SourceError) as error:
        list(read(members, sides=SIDES))
    assert ["a.en" in str(error.value), "a.fr" in str(error.value)] == [True, True]


@pytest.mark.parametrize("sides", [{"zh": ".zh"}, {"zh": ".txt", "en": ".txt"}])
def test_two_sides_with_endings_of_their_own_are_needed(
    tmp_path: Path, sides: dict[str, str]
) -> None:
    with pytest.raises(InputError):
        list(read([make_member(tmp_path, "x\n", "a.zh")], sides=sides))
