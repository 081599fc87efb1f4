"""Adapters that cut rows into questions, or gather rows to questions."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters import adapter
from taiyi_corpus.readers.row import Row


def made(name: str, *rows: dict[str, Any], where: str = "f.txt:1") -> list[Row]:
    found = list(adapter(name)(iter([Row(where, None, row) for row in rows]), {}))
    assert all(isinstance(row, Row) for row in found)
    return [row for row in found if isinstance(row, Row)]


def candidate(id_: str, label: str, answer: str) -> dict[str, Any]:
    return {
        "id": id_,
        "label": label,
        "department": "内科",
        "question": f"q{id_}",
        "answer": answer,
    }


def test_the_candidates_of_a_question_become_one_row() -> None:
    rows = made(
        "answer_candidates",
        candidate("1", "0", "a"),
        candidate("1", "1", "b"),
        candidate("2", "1", "c"),
    )
    told = [(row.key, row.data["answers"], row.data["wrong_answers"]) for row in rows]
    assert told == [("1", ["b"], ["a"]), ("2", ["c"], [])]


def test_the_answer_of_each_source_is_a_row() -> None:
    rows = made("answers_by_source", {"input": "q", "answer_doctor": "a", "answer_model": "b"})
    assert [row.data for row in rows] == [
        {"input": "q", "key": "0_doctor", "row": "0", "answer": "a", "answer_source": "doctor"},
        {"input": "q", "key": "0_model", "row": "0", "answer": "b", "answer_source": "model"},
    ]


@pytest.mark.parametrize(
    ("output", "steps", "result"),
    [
        ("\n2+3=5。\n所以有5个。", "2+3=5。", "所以有5个。"),
        ("2+3=5。答：5个。", "2+3=5。", "答：5个。"),
        ("答：5个。", None, "答：5个。"),
        ("", None, None),
    ],
)
def test_the_last_line_or_sentence_is_the_result(
    output: str, steps: str | None, result: str | None
) -> None:
    (row,) = made("final_answer", {"output": output})
    assert row.data == {"rationale": steps, "answer": result}


def test_each_mention_is_marked_in_a_copy_of_its_dialogue() -> None:
    said = [
        {
            "sender": "医生",
            "text": "发烧吗",
            "sentence_id": 1,
            "ner": [
                {"mention": "发烧", "range": [0, 2], "type": "f", "name": "发热", "attr": "阴性"}
            ],
        },
        {"sender": "患者", "text": "不烧", "sentence_id": "2", "ner": []},
    ]
    (row,) = made("marked_mentions", {"dialog_id": 9, "dialog_info": said})
    (entity,) = row.data["entities"]
    ((start, end),) = entity["spans"]
    assert row.data["text"] == "医生：【发烧】吗\n患者：不烧"
    assert row.data["text"][start:end] == entity["mention"]
    assert (row.key, row.data["attr"]) == ("9-1-0-2", "阴性")


def test_a_dialogue_without_mentions_stays_as_it_is() -> None:
    said = [{"sender": "患者", "text": "您好", "sentence_id": "1", "ner": []}]
    (row,) = made("marked_mentions", {"dialog_id": 9, "dialog_info": said})
    assert row.data == {"key": "9", "dialog_id": 9, "text": "患者：您好"}
