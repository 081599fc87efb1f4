"""Labels, questions, answers and dialogues, in the many ways a source may write them."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.schema.record import Answer, Choice
from tests.toys import Normalised, dataset, normalise

CLASSES = {name: {"en": name, "zh": name} for name in ("cause", "cure", "other")}


def made(row: dict[str, Any], *, known_faults: Any = (), **mapping: Any) -> Normalised:
    return normalise(dataset(map=mapping, known_faults=list(known_faults)), row)


# --- labels -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "labels"),
    [
        (None, None),
        ("", None),
        ([], []),
        ("none", []),
        ("cause", ["cause"]),
        (["cause", "cure"], ["cause", "cure"]),
        ("cause; cure", ["cause", "cure"]),
        ("cause;cause", ["cause"]),
        ("C1", ["cause"]),
        ([" cure ", "none", None], ["cure"]),
    ],
)
def test_labels_from_a_string_a_list_or_a_split_string(raw: Any, labels: list[str] | None) -> None:
    mapping = {"path": "y", "split": ";", "names": {"C1": "cause"}, "none": ["none"]}

    spec = dataset(labels={"classes": CLASSES}, map={"labels": mapping})
    assert normalise(spec, {"y": raw}).only.labels == labels


def test_an_empty_field_may_mean_none_of_the_labels() -> None:
    spec = dataset(labels={"classes": CLASSES}, map={"labels": {"path": "y", "none": [""]}})
    assert normalise(spec, {"y": ""}).only.labels == []


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        ({"Cause": "1", "cure": "0"}, ["cause"]),
        ({"Cause": "x", "cure": "yes"}, ["cause", "cure"]),
        ({"Cause": 0, "cure": 0.0}, []),
        ({"Cause": True, "cure": False}, ["cause"]),
        ({"Cause": "", "cure": ""}, None),
    ],
)
def test_a_column_a_label(row: dict[str, Any], labels: list[str] | None) -> None:
    mapping = {"columns": ["Cause", "cure"], "names": {"Cause": "cause"}}
    spec = dataset(labels={"classes": CLASSES}, map={"labels": mapping})
    record = normalise(spec, row).only
    assert (record.labels, record.extra) == (labels, None)


def test_an_unknown_label_drops_the_record() -> None:
    spec = dataset(labels={"classes": CLASSES}, map={"labels": {"path": "y"}})

    assert normalise(spec, {"y": "harm"}).reasons == [("record", "label_unknown")]


def test_a_score_is_a_number_or_the_row_is_malformed() -> None:
    spec = dataset(map={"score": "s"})

    assert [normalise(spec, {"s": s}).only.score for s in ("2.5", 3, None)] == [2.5, 3.0, None]
    assert normalise(spec, {"s": "high"}).reasons == [("record", "row_malformed")]


# --- choices ----------------------------------------------------------------------------------

AB = [Choice("A", "yes"), Choice("B", "no")]


@pytest.mark.parametrize(
    ("mapping", "row", "choices"),
    [
        ({"path": "c"}, {"c": {"A": "yes", "B": "no"}}, AB),
        ({"path": "c"}, {"c": ["yes", "no"]}, AB),
        ({"path": "c"}, {"c": [{"key": "A", "text": "yes"}, {"key": "B", "text": "no"}]}, AB),
        ({"columns": ["a", "b"]}, {"a": "yes", "b": "no"}, AB),
        ({"columns": ["a", "x", "b"]}, {"a": "yes", "b": "no"}, [AB[0], Choice("C", "no")]),
        ({"fixed": ["yes", "no"]}, {}, AB),
        ({"path": "c"}, {}, None),
        ({"path": "c"}, {"c": []}, None),
    ],
)
def test_options_from_an_object_a_list_columns_or_the_registry(
    mapping: Any, row: dict[str, Any], choices: list[Choice] | None
) -> None:
    assert made(row, choices=mapping).only.choices == choices


def test_options_after_the_alphabet_go_by_number() -> None:
    choices = made({"c": [f"option {n}" for n in range(28)]}, choices={"path": "c"}).only.choices

    assert choices is not None and [choice.key for choice in choices[25:]] == ["Z", "27", "28"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["yes", "yes"], "choice_repeated"),
        (["yes", " "], "choice_empty"),
        ([{"text": "yes"}], "row_malformed"),
    ],
)
def test_options_that_cannot_be_told_apart_drop_the_record(options: Any, code: str) -> None:
    assert made({"c": options}, choices={"path": "c"}).reasons == [("record", code)]


# --- answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ({"key": "a"}, "B"),
        ({"key": "a"}, " B "),
        ({"index": "a"}, 1),
        ({"index": "a"}, "1"),
        ({"text": "a"}, "no"),
        ({"text": "a", "names": {"N": "no"}}, "N"),
    ],
)
def test_the_right_option_by_key_number_or_text(mapping: dict[str, Any], value: Any) -> None:
    record = made({"c": ["yes", "no"], "a": value}, choices={"path": "c"}, answers=mapping).only

    assert record.answers == [Answer(text="no")]


@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ({"key": "a"}, "C"),
        ({"index": "a"}, 2),
        ({"index": "a"}, -1),
        ({"index": "a"}, "²"),
        ({"text": "a"}, "maybe"),
    ],
)
def test_an_answer_that_is_no_option_drops_the_record(mapping: dict[str, Any], value: Any) -> None:
    result = made({"c": ["yes", "no"], "a": value}, choices={"path": "c"}, answers=mapping)

    assert result.reasons == [("record", "answer_not_in_choices")]


def test_the_number_of_a_column_counts_blank_columns() -> None:
    row = {"a": "yes", "b": "", "c": "no", "right": 2}
    mapping = {"choices": {"columns": ["a", "b", "c"]}, "answers": {"index": "right"}}

    assert made(row, **mapping).only.answers == [Answer(text="no")]
    assert made(row | {"right": 1}, **mapping).reasons == [("record", "answer_not_in_choices")]


def test_several_answers_and_none() -> None:
    assert made({"a": ["x", None, "y"]}, answers={"text": "a"}).only.answers == [
        Answer(text="x"),
        Answer(text="y"),
    ]
    assert made({"a": None}, answers={"text": "a"}).only.answers is None
    assert made({"a": None}, answers={"key": "a"}).only.answers is None


EXTRACTED = {"context": "c", "answers": {"text": "a.text", "start": "a.start"}}


def test_answers_may_stand_in_the_context() -> None:
    row = {"c": "Aspirin eases pain.", "a": {"text": ["pain", "Aspirin"], "start": [14, 0]}}

    assert made(row, **EXTRACTED).only.answers == [
        Answer(text="pain", start=14, end=18),
        Answer(text="Aspirin", start=0, end=7),
    ]


def test_an_answer_that_is_not_where_it_should_be_is_a_mismatch() -> None:
    row = {"c": "Aspirin eases pain.", "a": {"text": ["pain"], "start": [0]}}
    trusted = {"fault": "span_mismatch", "count": {"train": 1}, "resolve": "text", "note": "a test"}

    assert made(row, **EXTRACTED).reasons == [("record", "span_mismatch")]
    assert made(row, known_faults=[trusted], **EXTRACTED).only.answers == [Answer(text="pain")]


@pytest.mark.parametrize("start", [[14, 0], ["x"], "x"])
def test_offsets_that_do_not_go_with_the_answers_make_a_malformed_row(start: Any) -> None:
    row = {"c": "Aspirin eases pain.", "a": {"text": ["pain"], "start": start}}

    assert made(row, **EXTRACTED).reasons == [("record", "row_malformed")]


# --- turns ------------------------------------------------------------------------------------

TURNS = [{"who": "病人", "said": "咳嗽。"}, {"who": "医生", "said": "几天了？"}]
BY_ROLE = {"role": "who", "text": "said", "roles": {"病人": "user", "医生": "assistant"}}
BY_MARK = {"role": None, "text": None, "marks": {"病人：": "user", "医生：": "assistant"}}


def said(result: Normalised) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in result.only.turns or []]


def test_speakers_are_named_or_marked() -> None:
    wanted = [("user", "咳嗽。"), ("assistant", "几天了？")]

    assert said(made({"turns": TURNS}, turns=BY_ROLE)) == wanted
    assert said(made({"turns": ["病人：咳嗽。", "医生： 几天了？"]}, turns=BY_MARK)) == wanted


def test_a_marked_turn_may_lie_in_an_object() -> None:
    row = {"turns": [{"t": "病人：咳嗽。"}, {"t": "医生：几天了？"}]}

    assert said(made(row, turns=BY_MARK | {"text": "t"})) == [
        ("user", "咳嗽。"),
        ("assistant", "几天了？"),
    ]


def test_turns_of_one_speaker_are_merged_and_fillers_left_out() -> None:
    turns = [
        TURNS[0],
        {"who": "医生", "said": "[图片]"},
        {"who": "病人", "said": "三天。"},
        TURNS[1],
    ]
    mapping = BY_ROLE | {"skip": ["[图片]"], "merge": " "}

    assert said(made({"turns": turns}, turns=mapping)) == [
        ("user", "咳嗽。 三天。"),
        ("assistant", "几天了？"),
    ]


def test_a_dialogue_without_a_word_is_dropped() -> None:
    assert made({"turns": []}, turns=BY_ROLE).reasons == [("record", "turns_empty")]
    assert made({"turns": None}, turns=BY_ROLE).only.turns is None


@pytest.mark.parametrize(
    ("turns", "mapping"),
    [([{"who": "护士", "said": "x"}], BY_ROLE), (["护士：x"], BY_MARK), ("护士：x", BY_MARK)],
)
def test_an_unknown_speaker_makes_a_malformed_row(turns: Any, mapping: dict[str, Any]) -> None:
    assert made({"turns": turns}, turns=mapping).reasons == [("record", "row_malformed")]
