"""Adapters that make dialogues, or questions with answers, out of what a row holds."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters import adapter, adapters
from taiyi_corpus.readers.row import BadRow, Row


def adapted(name: str, data: dict[str, Any], key: str | None = None) -> Row | BadRow:
    return next(iter(adapter(name)(iter([Row("f.txt:1", key, data)]), {})))


def made(name: str, data: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    row = adapted(name, data, key)
    assert isinstance(row, Row)
    return row.data


def said(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(turn["role"], turn["text"]) for turn in row["turns"]]


def test_what_adapters_share_is_no_adapter() -> None:
    assert "inline_rounds" in adapters()
    assert not [name for name in adapters() if name.startswith("_")]


def test_a_prompt_of_one_marked_turn_is_a_question() -> None:
    row = made("inline_rounds", {"instruction": " <user>: May I swim?", "output": "Yes.", "id": 3})
    assert row == {"id": 3, "question": "May I swim?", "answer": "Yes."}


def test_a_prompt_of_several_marked_turns_is_a_dialogue() -> None:
    prompt = " <user>: May I swim? <bot>: Yes. <user>: And dive?"
    row = made("inline_rounds", {"instruction": prompt, "output": "No."})
    assert said(row) == [
        ("user", "May I swim?"),
        ("assistant", "Yes."),
        ("user", "And dive?"),
        ("assistant", "No."),
    ]


@pytest.mark.parametrize("prompt", ["May I swim?", " <user>: Hi. <bot>: Hello.", "So <user>: Hi."])
def test_a_prompt_whose_turns_are_not_all_marked_is_broken(prompt: str) -> None:
    assert isinstance(adapted("inline_rounds", {"instruction": prompt, "output": "x"}), BadRow)


def test_a_list_of_two_strings_is_a_question_and_a_longer_one_a_dialogue() -> None:
    assert made("listed_rounds", {"data": ["问：头晕怎么办？", "答：先量血压。"]}) == {
        "question": "头晕怎么办？",
        "answer": "先量血压。",
    }
    row = made(
        "listed_rounds", {"data": ["问：头晕。", "问:还恶心。", "答：多久了？", "问：两天。"]}
    )
    assert said(row) == [
        ("user", "头晕。\n还恶心。"),
        ("assistant", "多久了？"),
        ("user", "两天。"),
    ]


def test_a_listed_turn_without_speaker_breaks_its_row() -> None:
    assert isinstance(adapted("listed_rounds", {"data": ["问：头晕。", "先量血压。"]}), BadRow)


CONSULTATION = [
    "id=7",
    "https://example.org/7",
    "Description",
    "Why is my toe sore?",
    "Dialogue",
    "Patient:",
    "Hi, may I answer your health queries right now ?  Please type your query here...",
    "My toe is sore.",
    "Doctor:",
    "Rest it.",
    "",
    "Take care.",
]


def test_a_consultation_of_one_round_is_a_question_without_the_words_of_the_input_field() -> None:
    assert made("consultations", {"lines": CONSULTATION}, "7") == {
        "key": "f-7",
        "url": "https://example.org/7",
        "faculty": None,
        "description": "Why is my toe sore?",
        "diagnosis": None,
        "question": "My toe is sore.",
        "answer": "Rest it.\nTake care.",
    }


def test_a_longer_consultation_is_a_dialogue() -> None:
    row = made("consultations", {"lines": [*CONSULTATION, "Patient:", "Thanks."]}, "7")
    assert [role for role, _ in said(row)] == ["user", "assistant", "user"]


CHATS: list[dict[str, Any]] = [
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}]},
    {"conversation": [{"human": "Hi", "assistant": "Hello!"}]},
    {"data": ["Hi", "Hello!"]},
    {"chat": {"turn_1": {"Human": "<|Human|>: Hi<eoh>\n", "MOSS": "<|MOSS|>: Hello!<eom>\n"}}},
    {"instruction": "Hi", "input": "", "output": "\nHello!"},
    {"instruction": "Human:Hi\nAssistant:", "input": "", "output": "Hello!"},
    {"kind": "greeting", "input": "Hi", "target": "Hello!"},
]


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: next(iter(chat)))
def test_every_layout_of_a_chat_gives_the_same_turns(chat: dict[str, Any]) -> None:
    row = made("chat_layouts", {**chat, "category": "talk"})
    assert said(row) == [("user", "Hi"), ("assistant", "Hello!")]
    assert row["category"] == "talk"


def test_numbered_rounds_stand_in_the_order_of_their_numbers() -> None:
    chat = {f"turn_{n}": {"Human": f"q{n}", "MOSS": f"a{n}"} for n in (10, 2, 1)}
    questions = [
        text for role, text in said(made("chat_layouts", {"chat": chat})) if role == "user"
    ]
    assert questions == ["q1", "q2", "q10"]


def test_tools_of_a_chat_are_kept_and_their_absence_is_not() -> None:
    turn = {"Human": "Hi", "Commands": "<|Commands|>: None<eoc>\n", "MOSS": "Hello!"}
    assert "tools" not in made("chat_layouts", {"chat": {"turn_1": dict(turn)}})
    turn["Commands"] = '<|Commands|>: Search("x")<eoc>\n'
    row = made("chat_layouts", {"chat": {"turn_1": turn}})
    assert row["tools"] == {"turn_1": {"Commands": 'Search("x")'}}


def test_a_speaker_inside_a_line_opens_no_turn() -> None:
    prompt = "Human:What does “Human:” mean?\nAssistant:"
    row = made("chat_layouts", {"instruction": prompt, "input": "", "output": "A person."})
    assert said(row) == [("user", "What does “Human:” mean?"), ("assistant", "A person.")]


@pytest.mark.parametrize(
    "chat", [{"text": "Hi"}, {"conversations": [{"from": "bird", "value": "x"}]}]
)
def test_a_chat_of_no_known_layout_is_broken(chat: dict[str, Any]) -> None:
    assert isinstance(adapted("chat_layouts", chat), BadRow)
