"""Questions and answers in tables of their own, paired by a list of candidates: one row a question, with its answers.

The list names an answer as right in `pos_ans_id`, or in `ans_id` where `label` is 1; wrong candidates were drawn at
random from other questions, and say nothing. A mapping cannot gather rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give `question_id`, `question`, `answer_ids` and `answers`, in the order of the answers' ids.

    Without the table of questions there is nothing to give: the source is partial.
    """
    questions = {row.data["question_id"]: row.data["content"] for row in side["questions"]}
    answers = {row.data["ans_id"]: row.data["content"] for row in side["answers"]}
    if not questions or not answers:
        return
    right: dict[str, set[str]] = {}
    places: dict[str, str] = {}
    for row in rows:
        places.setdefault(row.data["question_id"], row.where)
        if answer := row.data.get("pos_ans_id") or (
            row.data["ans_id"] if row.data["label"] == "1" else ""
        ):
            right.setdefault(row.data["question_id"], set()).add(answer)
    for question, where in places.items():
        ids = sorted(right.get(question, ()), key=int)
        if question not in questions or any(id_ not in answers for id_ in ids):
            yield BadRow(
                where, f"question {question} and answers {ids} in their tables", "not all of them"
            )
            continue
        texts = {"question": questions[question], "answers": [answers[id_] for id_ in ids]}
        yield Row(where, question, {"question_id": question, "answer_ids": ids, **texts})
