"""Questions: choose an option, answer in one's own words (with or without a text), reason step by step."""

from __future__ import annotations

import string

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.budget import fitted
from taiyi_corpus.instruct.turns import Turns
from taiyi_corpus.schema.record import Record, Turn

COLUMNS = ("question", "context", "choices", "answers", "rationale")


def candidates(record: Record, task: str, setting: Setting) -> list[Candidate]:
    """Return the instances of a record that has a question and an answer."""
    if record.question is None or not record.answers:
        return []
    if task == "cot" and record.rationale is None:
        return []
    if task == "qa_choice":
        if record.choices is None:
            return []
        form = "context_question" if record.context else "question"
    elif task == "qa_cqa":
        if record.context is None:
            return []
        form = "context_question"
    else:
        form = "bare"
    return [Candidate(task, form, k) for k in range(setting.times(task, form, record.id, 1.0))]


def ask(record: Record, candidate: Candidate, setting: Setting) -> Ask:
    """Return the question of one candidate."""
    answers = [answer.text.strip() for answer in record.answers or [] if answer.text.strip()]
    question = (record.question or "").strip()
    context = record.context.strip() if record.context else None
    if not answers:
        raise Refused("answer_empty", "every answer is blank")
    if candidate.task == "qa_choice":
        return _choice(record, candidate, setting, question, context, answers)
    # Several answers to one question: the instance takes the one its number says.
    answer = answers[candidate.k % len(answers)]
    if candidate.task == "qa_cqa":
        keep = _place(record, answer, context or "")
        context = fitted(setting, candidate, record, context or "", [question, answer], keep)
        return Ask(slots={"question": question, "context": context}, gold=answer)
    if candidate.task == "cot" and record.rationale:
        answer = f"{record.rationale.strip()}\n\n{answer}"
    opening = f"{context}\n\n{question}" if context else question
    return Ask(slots={}, gold=answer, turns=[Turn("user", opening)])


def turns_of(records: pa.Table, task: str) -> Turns | None:
    """Return question and answer of the records whose instance is those two: one answer, and no context."""
    if task != "qa_sqa":
        return None
    question, answers, context = (
        records.column(name).combine_chunks() for name in ("question", "answers", "context")
    )
    one = pc.equal(pc.list_value_length(answers), 1).fill_null(False)
    plain = pc.and_(pc.and_(one, question.is_valid()), context.is_null())
    rows = np.flatnonzero(plain.to_numpy(zero_copy_only=False))
    asked = pc.utf8_trim_whitespace(question.take(pa.array(rows)))
    given = pc.utf8_trim_whitespace(answers.take(pa.array(rows)).flatten().field("text"))
    says = np.flatnonzero(pc.binary_length(given).to_numpy(zero_copy_only=False) > 0)
    if not len(says):
        return None
    turn_by_turn = np.stack([says, len(rows) + says], axis=1).ravel()
    texts = pa.concat_arrays([asked, given]).take(pa.array(turn_by_turn))
    return Turns(rows[says], texts, np.arange(0, 2 * len(says) + 1, 2))


def most(setting: Setting, task: str, language: str) -> int:
    """Return how many tokens the turns may have."""
    return setting.recipe.max_tokens


def _place(record: Record, answer: str, context: str) -> tuple[int, int] | None:
    """Return where an answer stands in its context: where the source says, else the first place it is found at."""
    blanks = len(record.context or "") - len((record.context or "").lstrip())
    for given in record.answers or []:
        if given.text.strip() == answer and given.start is not None and given.end is not None:
            return max(given.start - blanks, 0), min(given.end - blanks, len(context))
    at = context.find(answer)
    return (at, at + len(answer)) if at >= 0 else None


def _choice(record: Record, candidate: Candidate, setting: Setting, question: str, context: str | None,
            answers: list[str]) -> Ask:  # fmt: skip
    texts = [choice.text.strip() for choice in record.choices or []]
    if len(answers) != 1:
        raise Refused("not_one_answer", f"answers {answers!r}")
    if len(set(texts)) != len(texts) or not all(texts) or len(texts) > len(string.ascii_uppercase):
        raise Refused("choices_unusable", f"options {texts!r}")
    shown = hashing.shuffled(texts, setting.seed, "choices", candidate.id(record.id))
    lines = "\n".join(
        f"{letter}. {text}" for letter, text in zip(string.ascii_uppercase, shown, strict=False)
    )
    slots = {"question": question, "choices": lines}
    if context is not None:
        short = [*slots.values(), answers[0]]
        slots["context"] = fitted(setting, candidate, record, context, short)
    return Ask(slots=slots, gold=answers[0], options=shown)
