"""Classes, pairs, questions, dialogues and texts to write: what is asked, and what is refused."""

from __future__ import annotations

import string
from collections import Counter
from typing import Any

import pytest

from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import Answer, Choice, Record, Turn
from tests.instruct.asking import LABELS, asked, only, outcome, record, setting
from tests.toys import dataset

LONG = "word " * 2000

# --- classes ----------------------------------------------------------------------------------


def multi(**more: Any) -> Any:
    return setting(dataset(labels=LABELS | {"multi": True} | more))


def test_one_class_is_asked_for_among_all() -> None:
    ask = only(record(text=" x ", labels=["cure"]), "tc")

    assert (ask.gold, ask.slots["text"]) == (["cure"], "x")
    assert sorted(ask.options or []) == ["cause", "cure", "other"]


def test_classes_are_named_in_the_language_of_the_text() -> None:
    assert only(record(text="x", labels=["cure"], language="zh"), "tc").gold == ["cure类"]


@pytest.mark.parametrize("labels", [[], ["cause", "cure"]])
def test_a_single_class_task_needs_one_class(labels: list[str]) -> None:
    assert outcome(record(text="x", labels=labels), "tc") == ["not_one_label"]


def test_several_classes_or_none_may_hold() -> None:
    assert outcome(record(text="x", labels=["cure", "cause"]), "tc", multi()) == [["cure", "cause"]]
    assert outcome(record(text="x", labels=[]), "tc", multi()) == [[]]
    assert [id_ for id_, _ in asked(record(text="x", labels=[]), "tc", multi())] == ["multi.0"]


def test_no_gold_is_not_gold_that_says_none() -> None:
    assert outcome(record(text="x", labels=None), "tc", multi()) == []


def test_a_class_that_is_never_asked_for_is_refused_as_gold() -> None:
    hidden = {"a": {"en": "a", "zh": "a"}, "b": {"en": "b", "zh": "b", "ask": False}}
    at = setting(dataset(labels={"classes": hidden}))

    assert outcome(record(text="x", labels=["b"]), "tc", at) == ["gold_not_offered"]


def test_the_order_of_classes_is_drawn_evenly() -> None:
    orders = Counter(
        tuple(only(record(str(n), text="x", labels=["cure"]), "tc").options or [])
        for n in range(1200)
    )
    # Six orders, 200 each: chi square with 5 degrees of freedom is over 25 once in ten thousand.
    assert len(orders) == 6
    assert sum((count - 200) ** 2 / 200 for count in orders.values()) < 25


# --- pairs ------------------------------------------------------------------------------------


def test_pairs_by_class() -> None:
    found = record(text_a=" a ", text_b="b", labels=["cause"])
    ask = only(found, "tp_ss")

    assert (ask.gold, ask.slots["text_a"], ask.slots["text_b"]) == ("cause", "a", "b")
    assert "cause" in (ask.options or [])
    assert [id_ for id_, _ in asked(found, "tp_te")] == ["pair.0"]


def test_pairs_by_grade_on_the_datasets_own_scale() -> None:
    spec = dataset(scale={"en": "0 to 4", "zh": "0 到 4", "decimals": 1})
    ask = only(record(text_a="a", text_b="b", score=2.25), "tp_ss", setting(spec))

    assert (ask.gold, ask.options, ask.slots["scale"]) == ("2.2", None, "0 to 4")


def test_a_pair_without_gold_is_not_asked() -> None:
    assert outcome(record(text_a="a", text_b="b"), "tp_ss") == []
    assert outcome(record(text_a="a", labels=["cause"]), "tp_ss") == []


# --- questions --------------------------------------------------------------------------------


def question(key: str = "1", right: str = "no", **more: Any) -> Record:
    choices = [
        Choice(letter, text)
        for letter, text in zip("ABCD", ("yes", "no", "maybe", "never"), strict=True)
    ]
    return record(key, question="Is it?", choices=choices, answers=[Answer(text=right)], **more)


def test_options_are_shuffled_and_lettered_anew() -> None:
    ask = only(question(), "qa_choice")

    assert sorted(ask.options or []) == ["maybe", "never", "no", "yes"]
    lines = [f"{letter}. {text}" for letter, text in zip("ABCD", ask.options or [], strict=True)]
    assert (ask.slots["choices"], ask.gold) == ("\n".join(lines), "no")


def test_the_right_option_stands_at_every_place_alike() -> None:
    places = Counter(
        (only(question(str(n)), "qa_choice").options or []).index("no") for n in range(1200)
    )
    # Four places, 300 each: chi square with 3 degrees of freedom is over 21 once in ten thousand.
    assert sum((places[place] - 300) ** 2 / 300 for place in range(4)) < 21


def test_a_question_with_a_context_shows_it() -> None:
    found = question(context=" given ")

    assert [id_ for id_, _ in asked(found, "qa_choice")] == ["context_question.0"]
    assert only(found, "qa_choice").slots["context"] == "given"


def test_options_that_read_alike_or_are_too_many_are_refused() -> None:
    alike = [Choice("A", "yes"), Choice("B", " yes ")]
    many = [Choice(str(n), f"option {n}") for n in range(len(string.ascii_uppercase) + 1)]

    for choices, right in ((alike, "yes"), (many, "option 0")):
        found = record(question="?", choices=choices, answers=[Answer(text=right)])
        assert outcome(found, "qa_choice") == ["choices_unusable"]


def test_two_right_options_are_refused() -> None:
    found = question()
    two = record(
        question="?", choices=found.choices, answers=[Answer(text="no"), Answer(text="yes")]
    )

    assert outcome(two, "qa_choice") == ["not_one_answer"]


def test_a_yes_no_question_is_answered_by_a_class() -> None:
    found = record(question="Does it?", context="It does.", answers=[Answer(text="cause")])
    ask = only(found, "qa_yesno")

    assert (ask.gold, ask.slots["question"], ask.slots["context"]) == (
        "cause",
        "Does it?",
        "It does.",
    )
    assert "text" not in ask.slots


def test_a_bare_question_is_its_own_instruction() -> None:
    found = record(question=" Why? ", context="Given.", answers=[Answer(text=" Because. ")])
    ask = only(found, "qa_sqa")

    assert (ask.gold, ask.turns, ask.slots) == ("Because.", [Turn("user", "Given.\n\nWhy?")], {})


def test_several_answers_are_taken_in_turn() -> None:
    found = record(question="?", answers=[Answer(text="a"), Answer(text=" "), Answer(text="b")])
    at = setting(expand={"qa_sqa": {"bare": 2.0}})

    assert outcome(found, "qa_sqa", at) == ["a", "b"]


def test_reasoning_comes_before_the_answer_and_without_it_there_is_none() -> None:
    found = record(question="1+1?", answers=[Answer(text="2")], rationale=" One and one. ")

    assert outcome(found, "cot") == ["One and one.\n\n2"]
    assert outcome(record(question="1+1?", answers=[Answer(text="2")]), "cot") == []


def test_a_blank_answer_is_refused() -> None:
    assert outcome(record(question="?", answers=[Answer(text=" ")]), "qa_sqa") == ["answer_empty"]


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ("tc", record(text=LONG, labels=["cure"])),
        ("tp_ss", record(text_a=LONG, text_b="b", labels=["cure"])),
        ("qa_yesno", record(question=LONG, answers=[Answer(text="cure")])),
        ("qa_choice", question(context=LONG)),
        ("qa_sqa", record(question="?", answers=[Answer(text=LONG)])),
        ("cot", record(question="?", answers=[Answer(text="2")], rationale=LONG)),
        ("tt_ds", record(source=LONG, target="short")),
        ("mrd", record(turns=[Turn("user", LONG), Turn("assistant", "x")])),
    ],
)
def test_what_is_over_the_budget_is_refused_and_never_cut(task: str, found: Record) -> None:
    assert outcome(found, task) == ["over_budget"]


def test_a_graded_pair_over_the_budget_is_refused() -> None:
    at = setting(dataset(scale={"en": "0 to 4", "zh": "0 到 4"}))

    assert outcome(record(text_a=LONG, text_b="b", score=1.0), "tp_ss", at) == ["over_budget"]


# --- dialogues --------------------------------------------------------------------------------


def dialogue(*texts: str, first: str = "user", **more: Any) -> Record:
    roles = ["user", "assistant"] if first == "user" else ["assistant", "user"]
    turns = [Turn(roles[n % 2], text) for n, text in enumerate(texts)]  # type: ignore[arg-type]
    return record(turns=turns, **more)


def lost(found: Record, **recipe: Any) -> list[tuple[str, str]]:
    return [(id_, reason) for id_, reason, _ in TASK_MODULES["mrd"].lost(found, setting(**recipe))]


def test_a_dialogue_is_asked_up_to_its_last_answer() -> None:
    found = dialogue("q1", "a1", "q2", "a2")

    assert only(found, "mrd").gold == "a2"
    assert only(found, "mrd").turns == (found.turns or [])[:3]
    assert lost(found) == []


def test_a_last_turn_of_the_patient_has_no_answer_and_is_counted() -> None:
    found = dialogue("q1", "a1", "q2")

    assert only(found, "mrd").gold == "a1"
    assert lost(found) == [("turn3", "trailing_user_turn")]


def test_what_the_doctor_says_first_is_context_of_the_first_question() -> None:
    (opening,) = only(dialogue("hello", "q1", "a1", first="assistant"), "mrd").turns or []

    assert opening.role == "user"
    assert opening.text.endswith("\n\nq1") and "hello" in opening.text


def test_the_context_of_a_dialogue_opens_it() -> None:
    assert only(dialogue("q1", "a1", context="Female, 30."), "mrd").turns == [
        Turn("user", "Female, 30.\n\nq1")
    ]


@pytest.mark.parametrize(
    "found",
    [dialogue("q1"), dialogue("a0", first="assistant"), dialogue("a0", "q1", first="assistant")],
)
def test_a_dialogue_of_one_side_is_refused_whole(found: Record) -> None:
    assert outcome(found, "mrd") == ["dialogue_one_sided"]
    assert lost(found) == []


def test_a_dialogue_over_the_budget_ends_after_the_last_answer_that_fits() -> None:
    found = dialogue("q1", "a1", "q2", "word " * 200, "q3", "a3", "q4")

    assert only(found, "mrd", setting(max_tokens=256)).gold == "a1"
    assert lost(found, max_tokens=256) == [
        ("turn3", "turns_over_budget"),
        ("turn7", "trailing_user_turn"),
    ]


# --- texts to write ---------------------------------------------------------------------------


def test_a_source_and_its_target() -> None:
    ask = only(record(source=" s ", target=" t "), "tt_ds")

    assert (ask.slots, ask.gold) == ({"source": "s"}, "t")
    assert outcome(record(source="s"), "tt_ds") == []


def test_the_registry_says_which_form_a_target_is() -> None:
    spec = dataset(tasks=["tt_ds"], decompose={"tt_ds": {"question": 1.0}})

    assert [id_ for id_, _ in asked(record(source="s", target="t"), "tt_ds", setting(spec))] == [
        "question.0"
    ]


def test_a_translation_goes_one_way_drawn_evenly() -> None:
    pair = {"source": "hello", "target": "你好", "source_language": "en", "target_language": "zh"}
    golds = Counter(only(record(str(n), **pair), "mt").gold for n in range(200))

    assert set(golds) == {"hello", "你好"} and 70 < golds["hello"] < 130
