"""Dialogues in the layouts in which chat data circulates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taiyi_corpus.schema.record import Answer
from tests.toys import Normalised, dataset, normalise


def made(row: dict[str, Any], *layouts: dict[str, Any], **mapping: Any) -> Normalised:
    turns = list(layouts) if len(layouts) > 1 else layouts[0]
    return normalise(dataset(tasks=["chat"], map={"turns": turns, **mapping}), row)


def said(result: Normalised) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in result.only.turns or []]


NAMED = {"each": "conversations", "role": "from", "text": "value", "roles": {"human": "user"}}
PAIRS = {"each": "conversation", "fields": {"human": "user", "assistant": "assistant"}}
IN_TURN = {"each": "data", "alternate": True}
MARKED = {
    "each": "instruction",
    "marks": {"\nHuman:": "user", "\nAssistant:": "assistant"},
    "then": "output",
}
ONE = {"each": ".", "fields": {"instruction": "user", "input": "user", "output": "assistant"}}
ALL = (NAMED, PAIRS, IN_TURN, MARKED, ONE)

CHATS: list[dict[str, Any]] = [
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "assistant", "value": "Yes?"}]},
    {"conversation": [{"human": "Hi", "assistant": "Yes?"}]},
    {"data": ["Hi", "Yes?"]},
    {"instruction": "Human:Hi\nAssistant:", "input": "", "output": "Yes?"},
    {"instruction": "Hi", "input": "", "output": "\nYes?"},
]


@pytest.mark.parametrize("chat", CHATS, ids=lambda chat: next(iter(chat)))
def test_of_several_layouts_the_first_that_fits_is_read(chat: dict[str, Any]) -> None:
    result = made({**chat, "category": "talk"}, *ALL)
    assert said(result) == [("user", "Hi"), ("assistant", "Yes?")]
    assert json.loads(result.only.extra or "") == {"category": "talk"}


def test_what_another_layout_would_read_stays_in_extra() -> None:
    result = made({"data": ["Hi", "Yes?"], "input": "Who?"}, IN_TURN, ONE)
    assert json.loads(result.only.extra or "") == {"input": "Who?"}


def test_a_row_in_none_of_the_layouts_has_no_turns() -> None:
    assert made({"text": "Hi"}, NAMED, PAIRS).only.turns is None


def test_several_fields_of_one_speaker_are_one_turn() -> None:
    row = {"instruction": "Translate.", "input": "Guten Tag", "output": "Good day"}
    assert said(made(row, ONE)) == [("user", "Translate.\nGuten Tag"), ("assistant", "Good day")]


def test_a_mark_that_opens_a_line_is_none_inside_it() -> None:
    row = {"instruction": "Human:What does “Human:” mean?\nAssistant:", "output": "A person."}
    assert said(made(row, MARKED)) == [
        ("user", "What does “Human:” mean?"),
        ("assistant", "A person."),
    ]


INLINE = {
    "each": "prompt",
    "marks": {"<user>:": "user", "<bot>:": "assistant"},
    "then": "output",
    "one_round": "question",
}


def test_marks_part_a_text() -> None:
    row = {"prompt": " <user>: May I swim? <bot>: Yes. <user>: And dive?", "output": "No."}
    assert said(made(row, INLINE)) == [
        ("user", "May I swim?"),
        ("assistant", "Yes."),
        ("user", "And dive?"),
        ("assistant", "No."),
    ]


@pytest.mark.parametrize("prompt", ["May I?", "So <user>: Hi.", " <user>: Hi. <bot>: Hello.", ""])
def test_a_text_that_no_mark_opens_or_that_the_user_does_not_end_is_malformed(prompt: str) -> None:
    assert made({"prompt": prompt, "output": "x"}, INLINE).reasons == [("record", "row_malformed")]


def test_a_dialogue_of_one_round_may_be_a_question_with_its_answer() -> None:
    row = {"prompt": " <user>: May I swim?", "output": "Yes."}
    record = made(row, INLINE).only
    assert (record.question, record.answers, record.turns) == (
        "May I swim?",
        [Answer(text="Yes.")],
        None,
    )
    assert said(made(row, INLINE | {"one_round": "turns"})) == [
        ("user", "May I swim?"),
        ("assistant", "Yes."),
    ]


def test_the_values_of_an_object_are_its_turns_and_what_they_carry_besides_is_kept() -> None:
    chat = {
        "turn_1": {"Human": "<|Human|>: Hi<eoh>\n", "Tool": "None", "Bot": "<|Bot|>: Yes?<eom>"},
        "turn_2": {"Human": "<|Human|>: Bye<eoh>\n", "Tool": "bell", "Bot": "<|Bot|>: Bye.<eom>"},
    }
    layout = {
        "each": "chat",
        "fields": {"Human": "user", "Bot": "assistant"},
        "cut": [r"^<\|\w+\|>: ", r"<eo.>\s*$"],
    }

    result = made({"chat": chat}, layout)

    assert [text for _, text in said(result)] == ["Hi", "Yes?", "Bye", "Bye."]
    besides = {"turns_extra": {"1": {"Tool": "None"}, "2": {"Tool": "bell"}}}
    assert json.loads(result.only.extra or "") == besides
    assert made({"chat": chat}, layout, drop=["chat.Tool"]).only.extra is None


def test_an_element_without_a_known_speaker_is_malformed() -> None:
    row = {"conversations": [{"from": "bird", "value": "x"}]}
    assert made(row, *ALL).reasons == [("record", "row_malformed")]
