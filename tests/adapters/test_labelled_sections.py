"""A consultation in headed sections becomes one row of named parts."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters.labelled_sections import adapt
from taiyi_corpus.readers.row import BadRow, Row

CONSULTATION = """\
id=7
https://example.org/x.htm

Doctor faculty
市第一医院 儿科

Description
疾病： 
感冒
曾经治疗情况和效果：

希望获得的帮助：
要不要吃抗生素？
吃几天？

Dialogue
医生：
发烧吗？
病人：
不发烧。

昨天好一点。
病人：
体温：36.8

Diagnosis and suggestions
总结建议：
多喝水，观察。
"""  # noqa: W291


def adapted(text: str, where: str = "2020.txt:1") -> Any:
    """Return what the adapter makes of one block."""
    (row,) = adapt(iter([Row(where, "7", {"lines": text.splitlines()})]), {})
    return row


def test_each_section_becomes_a_part() -> None:
    data = adapted(CONSULTATION).data
    assert data["id"] == "7"
    assert data["url"] == "https://example.org/x.htm"
    assert data["faculty"] == "市第一医院 儿科"
    assert data["diagnosis"] == "总结建议：多喝水，观察。"


def test_a_value_follows_its_label_and_an_empty_label_stays() -> None:
    assert adapted(CONSULTATION).data["description"].splitlines() == [
        "疾病：感冒",
        "曾经治疗情况和效果：",
        "希望获得的帮助：要不要吃抗生素？",
        "吃几天？",
    ]


def test_a_turn_keeps_its_lines_and_its_colons() -> None:
    assert adapted(CONSULTATION).data["turns"] == [
        {"role": "医生", "text": "发烧吗？"},
        {"role": "病人", "text": "不发烧。\n昨天好一点。"},
        {"role": "病人", "text": "体温：36.8"},
    ]


def test_a_block_without_a_dialogue_is_a_broken_row() -> None:
    row = adapted("id=8\nhttps://example.org/y.htm\n\nDescription\n疾病：\n感冒")
    assert isinstance(row, BadRow)
    assert row.wanted == "a section 'Dialogue'"
