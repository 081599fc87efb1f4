"""Values of a mapping: parts of texts, joined parts, means, and what stands for a mention or an option."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taiyi_corpus.normalise.paths import text_getter, text_of
from taiyi_corpus.schema.record import Span
from taiyi_corpus.spec.mapping import Join, Match
from tests.toys import Normalised, dataset, normalise


def made(row: dict[str, Any], **mapping: Any) -> Normalised:
    return normalise(dataset(map=mapping), row)


WORKED = {"answer": "2+3=<<2+3=5>>5 km.\nSo 5,000.\n#### 5,000"}


def test_a_part_of_a_text_is_taken_and_the_whole_stays() -> None:
    steps = {"path": "answer", "match": "(?s)(.*)#### ", "cut": ["<<[^<>]*>>"]}
    result = {"text": {"path": "answer", "match": "#### (.+)"}}

    record = made(WORKED, rationale=steps, answers=result).only

    assert record.rationale == "2+3=5 km.\nSo 5,000."
    assert [answer.text for answer in record.answers or []] == ["5,000"]
    assert json.loads(record.extra or "") == WORKED
    assert made(WORKED, rationale=steps, answers=result, drop=["answer"]).only.extra is None


def test_a_part_that_is_not_found_is_absent() -> None:
    get = text_getter(Match(path="answer", match="#### (.+)"))
    assert get({"answer": "It is 5."}) is None
    assert get({"answer": None}) is None


def test_parts_have_heads_and_an_empty_part_has_none() -> None:
    heads = {"complaint": "主诉：", "history": "现病史："}
    get = text_getter(Join(join=list(heads), heads=heads))
    assert get({"complaint": "咳嗽", "history": "三天"}) == "主诉：咳嗽\n现病史：三天"
    assert get({"complaint": "咳嗽", "history": " "}) == "主诉：咳嗽"


def test_each_element_of_a_list_is_a_part_and_quotes_may_be_cut() -> None:
    get = text_getter(Join.model_validate({"join": ["a", "b"], "with": "/", "cut": ["'"]}))
    assert get({"a": ["'病症'", "药物"], "b": ["'定义'"]}) == "病症/药物/定义"


def test_a_repeated_part_is_said_again_on_request() -> None:
    row = {"p": "1", "s": 1}
    assert text_getter(Join(join=["p", "s"], repeats=True))(row) == "1\n1"
    assert text_getter(Join(join=["p", "s"]))(row) == "1"


def test_objects_are_text_as_json() -> None:
    assert text_of([{"role": "C", "和": ["a"]}]) == '[{"role": "C", "和": ["a"]}]'
    assert text_of({"a": None}) == '{"a": null}'


def test_a_text_is_a_list_of_one() -> None:
    for questions in (["Why?", "How?"], [["Why?"], ["How?"]]):
        assert made({"questions": questions}, question="questions.0.0").only.question == "Why?"


def test_what_is_picked_from_a_list_leaves_the_others() -> None:
    record = made({"questions": [["Why?", "How?"]]}, question="questions.0.0").only
    assert json.loads(record.extra or "") == {"questions": [["How?"]]}


def test_the_mean_is_of_the_numbers_that_are_there() -> None:
    score = {"mean": ["a", "b", "c"]}
    assert made({"a": "3", "b": "", "c": 1.5}, score=score).only.score == 2.25
    assert made({"a": None}, score=score).only.score is None
    assert made({"a": "high"}, score=score).reasons == [("record", "row_malformed")]


def test_labels_may_be_joined_of_several_fields() -> None:
    labels = {"path": {"join": ["coarse", "fine"], "with": "/"}, "names": {"a/b": "ab"}}
    classes = {"classes": {name: {"en": name, "zh": name} for name in ("ab", "a/c")}}
    spec = dataset(labels=classes, map={"labels": labels})
    assert normalise(spec, {"coarse": "a", "fine": "b"}).only.labels == ["ab"]
    assert normalise(spec, {"coarse": "a", "fine": "c"}).only.labels == ["a/c"]


@pytest.mark.parametrize(("number", "text"), [(1, "x"), ("2", "y"), (None, None)])
def test_options_may_be_counted_from_one(number: Any, text: str | None) -> None:
    mapping = {"choices": {"columns": ["a", "b"]}, "answers": {"number": "n"}}
    record = made({"a": "x", "b": "y", "n": number}, **mapping).only
    assert [answer.text for answer in record.answers or []] == ([text] if text else [])


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_number_of_no_option_drops_the_record(number: int) -> None:
    for choices in ({"columns": ["a", "b"]}, {"path": "options"}):
        row = {"a": "x", "b": "y", "options": ["x", "y"], "n": number}
        result = made(row, choices=choices, answers={"number": "n"})
        assert result.reasons == [("record", "answer_not_in_choices")]


SPELLED = {"each": ".", "type": {"const": "Drug"}}


def test_the_whole_text_may_be_the_mention() -> None:
    (mention,) = (
        made(
            {"text": "head pounding"}, text="text", entities={**SPELLED, "whole": True}
        ).only.entities
        or []
    )
    assert (mention.text, mention.spans) == ("head pounding", [Span(0, 13)])


AT_TOKEN = {**SPELLED, "text": None, "start": "at", "end": "at", "ends": "inclusive", "unit": "tokens"}  # fmt: skip


def test_offsets_may_count_tokens_between_single_blanks() -> None:
    (mention,) = (
        made({"t": "a  RF case", "at": "2"}, text="t", entities=AT_TOKEN).only.entities or []
    )
    assert (mention.text, mention.spans) == ("RF", [Span(3, 5)])


@pytest.mark.parametrize(
    ("at", "reason"), [("4", "row_malformed"), ("-1", "row_malformed"), ("x", "row_malformed"), ("1", "span_empty")]
)  # fmt: skip
def test_a_place_without_a_token_drops_the_record(at: str, reason: str) -> None:
    result = made({"t": "a  RF case", "at": at}, text="t", entities=AT_TOKEN)
    assert result.reasons == [("record", reason)]
