"""Rewards as trainers call them: `(prompts, completions, **columns) -> list[float]`, one list for each of the four.

TRL: `GRPOTrainer(reward_funcs=reward_funcs("strict"), args=GRPOConfig(reward_weights=reward_weights("strict")))`.
The columns are those of the RL records of `taiyi-corpus traces`: `solution`, and `question` for `strict`. No text of a
model makes them raise; a record that is broken does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from taiyi_corpus.rewards import rexdrug, strict
from taiyi_corpus.rewards.question import Question, read_question
from taiyi_corpus.rewards.tagged import tagged

Mode = Literal["strict", "rexdrug"]
Reward = Callable[..., list[float]]
PARTS = ("format", "reasoning", "coverage", "accuracy")


def reward_funcs(
    mode: Mode = "strict", *, scheme: rexdrug.Scheme | None = None, trace: bool = True
) -> list[Reward]:
    """Return the four rewards, in the order of `PARTS`.

    Args:
        mode: `strict`, or `rexdrug` as published.
        scheme: types of the relations, for `rexdrug`; absent: those of the column `question`, else DrugComb's.
        trace: whether the answer stands in tags behind a trace; for `strict`.
    """
    score = _published(scheme) if mode == "rexdrug" else _strict(trace)
    return [_named(part, mode, score) for part in PARTS]


def reward_weights(mode: Mode = "strict", *, trace: bool = True) -> list[float]:
    """Return the weights of the four rewards, in the order of `PARTS`."""
    weights = (
        rexdrug.WEIGHTS if mode == "rexdrug" else strict.WEIGHTS if trace else strict.WITHOUT_TRACE
    )
    return [weights[part] for part in PARTS]


def rewards(text: str, question: Question, gold: Any, *, trace: bool = True) -> dict[str, float]:
    """Return the four strict rewards of one text."""
    reading = strict.read(text, question, trace=trace)
    return {
        "format": strict.format(reading),
        "reasoning": strict.reasoning(reading),
        "coverage": strict.coverage(reading, question, gold),
        "accuracy": strict.accuracy(reading, question, gold),
    }


def total(parts: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """Return the weighted sum of rewards."""
    given = strict.WEIGHTS if weights is None else weights
    return sum(given[name] * value for name, value in parts.items())


def text_of(completion: Any) -> str:
    """Return the text of a completion: a string, or messages whose last one counts."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Sequence) and completion and isinstance(completion[-1], Mapping):
        content = completion[-1].get("content")
        return content if isinstance(content, str) else ""
    return ""


Score = Callable[[str, str, dict[str, Any]], float]  # part, text, columns of the row


def _named(part: str, mode: str, score: Score) -> Reward:
    def reward(prompts: Any = None, completions: Sequence[Any] = (), **columns: Any) -> list[float]:
        rows: list[dict[str, Any]] = [
            {name: columns[name][at] for name in ("solution", "question") if name in columns}
            for at in range(len(completions))
        ]
        return [
            score(part, text_of(text), row) for text, row in zip(completions, rows, strict=True)
        ]

    reward.__name__ = f"{mode}_{part}"
    reward.__doc__ = f"Return the {mode} reward for {part} of each completion."
    return reward


def scheme_of(question: Question) -> rexdrug.Scheme:
    """Return the relations of a question as RexDrug's rewards want them."""
    roles = (question.roles or {}).values()
    pairs = bool(roles) and all(len(names) == 2 for names in roles)
    return rexdrug.Scheme(tuple(question.options or ()), (question.none or "").upper(), pairs)


def _published(given: rexdrug.Scheme | None) -> Score:
    def score(part: str, text: str, row: dict[str, Any]) -> float:
        scheme = given or (
            scheme_of(read_question(row["question"])) if "question" in row else rexdrug.DRUGCOMB
        )
        if part == "format":
            return rexdrug.format(text, scheme)
        if part == "reasoning":
            return rexdrug.reasoning(text)
        measure = rexdrug.coverage if part == "coverage" else rexdrug.accuracy
        return measure(text, row["solution"], scheme)

    return score


def _strict(trace: bool) -> Score:
    def score(part: str, text: str, row: dict[str, Any]) -> float:
        question = read_question(row["question"])
        reading = strict.read(text, question, trace=trace)
        if part == "format":
            return strict.format(reading)
        if part == "reasoning":
            return strict.reasoning(reading)
        answer = tagged(row["solution"]).answer
        gold = question.parse(row["solution"] if answer is None else answer)
        measure = strict.coverage if part == "coverage" else strict.accuracy
        return measure(reading, question, gold)

    return score
