"""One row with what a model said to it: gold and prediction, both read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.instruct.answers import Unlisted, Unparsable
from taiyi_corpus.rewards.question import Question, gold_of, question_of
from taiyi_corpus.rewards.strict import sound
from taiyi_corpus.rewards.tagged import tagged
from taiyi_corpus.spec.dataset import DatasetSpec, SplitSpec


class Answered(Struct, frozen=True):
    """A row, the gold it has, the text that came (None: none came), what that states (None: nothing).

    `fault`: "structure" of a text that is no answer in its style, "unknown_label" of one with a label that was not
    shown, "too_few" of one that relates fewer than two things.
    """

    row: Mapping[str, Any]
    question: Question
    gold: Any
    text: str | None
    found: Any
    fault: str = ""
    spec: DatasetSpec | None = None

    @property
    def gold_text(self) -> str:
        """Return the gold as the row writes it."""
        return str(self.row["messages"][-1]["content"])


def answered(row: Mapping[str, Any], text: str | None, spec: DatasetSpec | None) -> Answered:
    """Return a row with what was said to it.

    Raises:
        InputError: the row is not one of a build.
    """
    try:
        question = question_of(row, spec)
        gold = gold_of(row)
    except ValueError as error:
        raise InputError(Fault(str(row["id"]), "a row as a build writes it", str(error))) from error
    said = None if text is None else without_trace(text)
    found, fault = (None, "") if said is None else _read(question, said)
    return Answered(row, question, gold, said, found, fault, spec)


def _read(question: Question, said: str) -> tuple[Any, str]:
    if not said.strip():
        return None, "structure"
    try:
        found = question.parse(said)
    except Unlisted:
        return None, "unknown_label"
    except Unparsable:
        return None, "structure"
    return found, sound(found, question.none)[1] if question.kind == "tuples" else ""


def without_trace(text: str) -> str:
    """Return the answer of a text: what stands in `<answer>`, else what follows `</think>`, else all of it."""
    parts = tagged(text)
    if parts.answer is not None:
        return parts.answer
    return text.rsplit("</think>", 1)[-1] if parts.think is not None else text


def benchmark_of(row: Mapping[str, Any], spec: DatasetSpec | None) -> str | None:
    """Return the benchmark a row belongs to, None if to none.

    A split that is several benchmarks (bc5cdr-chemical, bc5cdr-disease, bc5cdr-re) is told apart by the task or by the
    one type asked for.
    """
    if stated := row.get("benchmark"):
        return str(stated)
    splits: Mapping[Any, SplitSpec] = {} if spec is None else spec.splits
    split = splits.get(row.get("split"))
    if spec is None or split is None or not split.benchmark:
        return None
    if len(split.benchmark) == 1:
        return split.benchmark[0] if row["task"] == _main_task(spec) else None
    asked = list(row.get("options") or [])
    names = {row["task"]}
    if row["task"] == "ner" and len(asked) == 1:
        names |= {
            code.lower()
            for code, name in spec.labels.entities.items()
            if asked[0] in (name.en, name.zh)
        }
    return next((id_ for id_ in split.benchmark if id_.rpartition("-")[2] in names), None)


def _main_task(spec: DatasetSpec) -> str:
    return spec.tasks[0]
