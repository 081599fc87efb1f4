"""Questions: choose an option, answer in one's own words (with or without a text), reason step by step."""

from __future__ import annotations

import string

from taiyi_corpus import hashing
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.budget import fitted
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
