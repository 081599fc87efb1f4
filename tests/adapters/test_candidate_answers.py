"""Candidates pair questions and answers of two tables."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters.candidate_answers import adapt
from taiyi_corpus.readers.row import BadRow, Row

SIDE = {
    "questions": [Row("q:2", None, {"question_id": "9", "content": "咳嗽要吃药吗?"})],
    "answers": [
        Row("a:2", None, {"ans_id": id_, "content": f"答{id_}"}) for id_ in ("7", "10", "15")
    ],
}


def adapted(*candidates: dict[str, str], side: Any = SIDE) -> list[Any]:
    """Return what the adapter makes of candidate rows."""
    return list(
        adapt(iter([Row(f"c:{n}", None, data) for n, data in enumerate(candidates, 2)]), side)
    )


def labelled(answer: str, label: str, question: str = "9") -> dict[str, str]:
    """Return a candidate of validation or test."""
    return {"question_id": question, "ans_id": answer, "cnt": "0", "label": label}


def test_right_answers_stand_in_the_order_of_their_ids() -> None:
    (row,) = adapted(labelled("10", "1"), labelled("15", "0"), labelled("7", "1"))
    assert row.data == {
        "question_id": "9",
        "answer_ids": ["7", "10"],
        "question": "咳嗽要吃药吗?",
        "answers": ["答7", "答10"],
    }


def test_a_pair_repeats_for_each_wrong_answer_and_counts_once() -> None:
    pairs = [{"question_id": "9", "pos_ans_id": "7", "neg_ans_id": wrong} for wrong in ("10", "15")]
    (row,) = adapted(*pairs)
    assert row.data["answers"] == ["答7"]


def test_an_answer_that_is_in_no_table_breaks_the_question() -> None:
    (row,) = adapted(labelled("99", "1"))
    assert isinstance(row, BadRow)


def test_without_the_tables_there_is_nothing_to_give() -> None:
    assert adapted(labelled("7", "1"), side={"questions": [], "answers": []}) == []
