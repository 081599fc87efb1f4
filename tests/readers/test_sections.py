"""Blocks of lines in headed sections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from taiyi_corpus.readers import BadRow
from taiyi_corpus.readers.sections import read
from tests.readers.members import good, make_member

CONSULTATIONS = """\
id=7
https://example.org/x.htm

Doctor faculty
市第一医院 儿科

Description
疾病：\x20
感冒
曾经治疗情况和效果：

希望获得的帮助：
要不要吃抗生素？
吃几天？

Dialogue
医生：
发烧吗？\r
病人：
不发烧。

昨天好一点。
病人：
体温：36.8

Diagnosis and suggestions
总结建议：
多喝水，观察。

id=8
Dialogue
病人：
您好
"""
HEADINGS = {
    "Doctor faculty": "faculty",
    "Description": "description",
    "Dialogue": "turns",
    "Diagnosis and suggestions": "diagnosis",
}
OPTIONS: dict[str, Any] = {
    "start": r"id=(\d+)",
    "headings": HEADINGS,
    "speakers": ["病人：", "医生："],
    "label_end": "：",
}


def first(folder: Path, text: str = CONSULTATIONS, **options: Any) -> dict[str, Any]:
    return good(read([make_member(folder, text, "2020.txt")], **{**OPTIONS, **options}))[0].data


def test_each_section_is_a_part_of_its_row(tmp_path: Path) -> None:
    one, two = good(read([make_member(tmp_path, CONSULTATIONS, "2020.txt")], **OPTIONS))
    assert (one.key, one.where) == ("7", "2020.txt:1")
    assert (one.data["key"], one.data["head"]) == ("7", "https://example.org/x.htm")
    assert one.data["faculty"] == "市第一医院 儿科"
    assert two.data == {"key": "8", "head": "", "turns": [{"role": "病人：", "text": "您好"}]}


def test_a_value_follows_its_label_and_an_empty_label_stays(tmp_path: Path) -> None:
    assert first(tmp_path)["description"].splitlines() == [
        "疾病：感冒",
        "曾经治疗情况和效果：",
        "希望获得的帮助：要不要吃抗生素？",
        "吃几天？",
    ]
    assert first(tmp_path, label_end=None)["diagnosis"] == "总结建议：\n多喝水，观察。"


def test_a_turn_keeps_its_lines_and_its_colons(tmp_path: Path) -> None:
    assert first(tmp_path)["turns"] == [
        {"role": "医生：", "text": "发烧吗？"},
        {"role": "病人：", "text": "不发烧。\n昨天好一点。"},
        {"role": "病人：", "text": "体温：36.8"},
    ]


def test_what_stands_before_the_first_speaker_has_no_role(tmp_path: Path) -> None:
    text = "id=9\nDialogue\n您好\n病人：\n咳嗽"
    assert first(tmp_path, text)["turns"] == [
        {"role": "", "text": "您好"},
        {"role": "病人：", "text": "咳嗽"},
    ]


def test_names_of_the_file_and_of_the_head_may_be_given(tmp_path: Path) -> None:
    row = first(tmp_path, stem="file", head="url")
    assert (row["file"], row["url"]) == ("2020", "https://example.org/x.htm")


def test_a_block_without_a_heading_is_broken(tmp_path: Path) -> None:
    [row] = read([make_member(tmp_path, "id=9\n您好\n")], **OPTIONS)
    assert isinstance(row, BadRow)
    assert (row.where, row.found) == ("a.txt:1", "1 lines without")
