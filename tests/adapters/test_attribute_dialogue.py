"""Facts on a disease become questions and answers."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters.attribute_dialogue import adapt
from taiyi_corpus.readers.row import Row


def adapted(**facts: Any) -> dict[str, Any]:
    """Return what the adapter makes of facts on one disease."""
    (row,) = adapt(iter([Row("x:1", None, {"name": "痔疮", **facts})]), {})
    assert isinstance(row, Row)
    return row.data


def test_each_attribute_is_a_question_and_its_value_the_answer() -> None:
    assert adapted(symptom=["便血", "疼痛"])["turns"] == [
        {"role": "user", "text": "痔疮有哪些症状？"},
        {"role": "assistant", "text": "痔疮的常见症状有：便血、疼痛。"},
    ]


def test_questions_come_in_the_order_of_a_consultation() -> None:
    turns = adapted(cure_way=["手术"], cause="久坐。")["turns"]
    assert [turn["text"] for turn in turns[::2]] == ["痔疮是什么原因引起的？", "痔疮怎么治疗？"]
    assert turns[1]["text"] == "久坐。"


def test_a_full_stop_is_not_said_twice() -> None:
    assert adapted(easy_get="久坐者。")["turns"][1]["text"] == "痔疮的易感人群：久坐者。"


def test_empty_attributes_are_not_asked_about_and_others_stay() -> None:
    assert adapted(desc=" ", symptom=[], cost_money="500元") == {
        "name": "痔疮",
        "cost_money": "500元",
        "turns": [],
    }
