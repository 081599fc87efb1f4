"""Adapters that make an answer, a verdict or a source text out of what a row holds."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters import adapter
from taiyi_corpus.readers.row import BadRow, Row


def adapted(name: str, data: dict[str, Any], **side: list[dict[str, Any]]) -> Row | BadRow:
    tables = {key: [Row("side", None, row) for row in rows] for key, rows in side.items()}
    return next(iter(adapter(name)(iter([Row("f:1", None, data)]), tables)))


def made(name: str, data: dict[str, Any], **side: list[dict[str, Any]]) -> dict[str, Any]:
    row = adapted(name, data, **side)
    assert isinstance(row, Row)
    return row.data


def judged(prompt: str, code: str, valid: str = "True", text: str = "t") -> dict[str, Any]:
    return {
        "PromptID": prompt,
        "Label Code": code,
        "Valid Label": valid,
        "Valid Reasoning": "True",
        "Annotations": text,
    }


PROMPT = {"PromptID": "99", "Comparator": "placebo", "Intervention": "zinc ", "Outcome": "colds"}


def test_the_answer_is_that_of_most_accepted_judgements_with_its_own_evidence() -> None:
    votes = [
        judged("99", "1"),
        judged("99", "0", "1", "none"),
        judged("99", "0"),
        judged("98", "1"),
    ]
    row = made("prompt_votes", PROMPT, annotations=votes)
    assert (row["answer"], row["evidence"]) == ("no significant difference", "none")
    assert row["question"] == "Compared to placebo what was the result of zinc on colds?"
    assert len(row["judgements"]) == 3


@pytest.mark.parametrize(
    ("prompt", "votes"),
    [("99", [judged("99", "1", "False")]), ("911", [judged("911", "1")]), ("99", [])],
    ids=["rejected", "flagged", "not judged"],
)
def test_a_prompt_without_a_sound_judgement_has_no_answer(
    prompt: str, votes: list[dict[str, Any]]
) -> None:
    assert "answer" not in made("prompt_votes", {**PROMPT, "PromptID": prompt}, annotations=votes)


def test_questions_of_three_layouts_become_one() -> None:
    long = {"ANSWERS": {"ANSWER": [{"@answerid": "A1", "#text": "Rest\n\t\t\tit."}]}}
    short = {"ANSWERS": {"ANSWER": ["Rest it."]}}
    asked = {"SUBJECT": "toe", "MESSAGE": "why"}
    references = {
        "RefAnswer": [{"ANSWER": ["Hit."]}],
        "ReferenceAnswer": [{"ANSWER": ["Rest it."]}],
    }
    first = {
        "@questionid": "Q1",
        "SUBJECT": "",
        "MESSAGE": "sore toe",
        "SUB-QUESTIONS": {"SUB-QUESTION": [long]},
    }
    second = {"@qid": "1.0", **asked, "SUB-QUESTIONS": {"SUB-QUESTION": [short]}}
    test = {"@qid": "TQ1", "Original-Question": asked, "ReferenceAnswers": references}
    rows = [made("consumer_questions", data) for data in (first, second, test)]
    assert [row["id"] for row in rows] == ["Q1", "1.0", "TQ1"]
    assert [row["question"] for row in rows] == ["sore toe", "toe why", "toe why"]
    assert [row["answers"] for row in rows] == [["Rest it."], ["Rest it."], ["Hit.", "Rest it."]]


def test_only_passages_of_score_three_and_four_are_answers_the_best_first() -> None:
    retrieved = [
        {"@SystemRank": "10", "@ReferenceRank": "1", "@ReferenceScore": "4", "AnswerText": "best"},
        {"@SystemRank": "2", "@ReferenceRank": "3", "@ReferenceScore": "2", "AnswerText": "wrong"},
        {"@SystemRank": "1", "@ReferenceRank": "2", "@ReferenceScore": "3", "AnswerText": "good"},
    ]
    row = made("scored_answers", {"AnswerList": {"Answer": retrieved}})
    assert row["answers"] == ["best", "good"]
    assert row["context"] == "good\n\nwrong\n\nbest"


SHOWN = "Toes bend.\n\nOn toes. Toes bend. They do."
CORPUS = [{"doc_id": 9, "title": "On toes.", "abstract": ["Toes bend.", "They do."]}]


@pytest.mark.parametrize(
    ("evidence", "verdict", "text"),
    [
        ({"9": [{"sentences": [0], "label": "SUPPORT"}]}, "SUPPORT", SHOWN),
        ({}, "NOINFO", SHOWN),
        ({"8": [{"sentences": [0], "label": "CONTRADICT"}]}, "CONTRADICT", "Toes bend."),
        (None, None, SHOWN),
    ],
    ids=["evidence", "no evidence", "abstract missing", "no gold"],
)
def test_a_claim_stands_before_the_abstract_it_rests_on(
    evidence: dict[str, Any] | None, verdict: str | None, text: str
) -> None:
    claim = {"claim": "Toes bend.", "evidence": evidence, "cited_doc_ids": [7, 9]}
    row = made("claim_evidence", claim, corpus=CORPUS)
    assert row.get("verdict") == verdict
    assert row["text"] == text
    assert [text[p["start"] : p["end"]] for p in row["passages"]] == text.split("\n\n")


def test_cited_abstracts_follow_their_marks_and_empty_ones_are_left_out() -> None:
    cited = {
        "@cite_5": {"mid": "2", "abstract": "We saw toes."},
        "@cite_1": {"mid": "3", "abstract": ""},
    }
    row = made("cited_abstracts", {"abstract": "We study toes.", "ref_abstract": cited})
    assert row["abstracts"] == "We study toes.\n\n@cite_5: We saw toes."
    assert row["cited"] == {"@cite_5": "2", "@cite_1": "3"}
