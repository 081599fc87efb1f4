"""One row: analyst, check by code, reviewer, and again with what they said, until accepted or out of attempts.

Nothing here knows whether a reply came over the network or from an earlier run, so a run that was cut and one that was
not end in the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from taiyi_corpus.rewards.tagged import tagged
from taiyi_corpus.traces.endpoint import CallError, Message, Reply
from taiyi_corpus.traces.gate import faults, heads
from taiyi_corpus.traces.prompts import Prompts, fill
from taiyi_corpus.traces.review import Review, form, read_review
from taiyi_corpus.traces.rows import Row

Role = Literal["analyst", "reviewer"]
Ask = Callable[[str, Role, int, Sequence[Message]], Reply]  # row, role, attempt, messages
_REVIEWS = 3  # tries to get a verdict that can be read


class Attempt(Struct, frozen=True, omit_defaults=True):
    """One attempt: what the analyst wrote, what code found, what the reviewer said."""

    number: int
    output: str
    faults: list[str] = []
    scores: dict[str, int] = {}
    comment: str = ""
    accepted: bool = False
    tokens_in: int = 0
    tokens_out: int = 0


class Result(Struct, frozen=True, kw_only=True):
    """What became of a row. `unfinished` rows are taken up by the next run, `failed` ones are not."""

    id: str
    status: Literal["accepted", "failed", "unfinished"]
    reason: str = ""
    attempts: list[Attempt] = []

    @property
    def think(self) -> str:
        """Return the accepted trace."""
        return (tagged(self.attempts[-1].output).think or "").strip()


def trace(row: Row, ask: Ask, prompts: Prompts, *, attempts: int, threshold: int) -> Result:
    """Return what becomes of a row.

    Raises:
        CallError: of the fatal sort; another ends the row.
    """
    made: list[Attempt] = []
    try:
        for number in range(1, attempts + 1):
            attempt = _attempt(row, ask, prompts, number, made, threshold)
            made.append(attempt)
            if attempt.accepted:
                return Result(id=row.id, status="accepted", attempts=made)
    except CallError as error:
        if error.fatal:
            raise
        status: Literal["failed", "unfinished"] = "failed" if error.final else "unfinished"
        return Result(id=row.id, status=status, reason=error.reason, attempts=made)
    reason = made[-1].faults[0] if made[-1].faults else "turned_down"
    return Result(id=row.id, status="failed", reason=reason, attempts=made)


def _attempt(
    row: Row, ask: Ask, prompts: Prompts, number: int, before: Sequence[Attempt], threshold: int
) -> Attempt:
    reply = ask(row.id, "analyst", number, [Message("user", _analyst(row, prompts, before))])
    output = reply.content.strip()
    used = [reply.tokens_in, reply.tokens_out]
    if found := faults(reply, row, prompts.gate, prompts.analyst.sections):
        return Attempt(number, output, found, tokens_in=used[0], tokens_out=used[1])
    review = None
    for again in range(_REVIEWS):
        # Another number, so that a verdict that cannot be read is asked for again and not replayed.
        said = ask(
            row.id,
            "reviewer",
            number * 10 + again,
            [Message("user", _reviewer(row, prompts, output))],
        )
        used = [used[0] + said.tokens_in, used[1] + said.tokens_out]
        if (review := read_review(said.content)) is not None:
            break
    if review is None:
        return Attempt(number, output, ["review"], tokens_in=used[0], tokens_out=used[1])
    return _judged(number, output, review, used, threshold)


def _judged(number: int, output: str, review: Review, used: list[int], threshold: int) -> Attempt:
    return Attempt(
        number, output, [], review.scores, review.comment, review.accepts(threshold), *used
    )


def _slots(row: Row, prompts: Prompts) -> dict[str, str]:
    analyst = prompts.analyst
    return {
        "task": analyst.tasks[row.task],
        "labels": "\n".join(f"- {name}{_noted(note, row.language)}" for name, note in row.labels),
        "text": row.text,
        "context": fill(analyst.context, context=row.context) if row.context else "",
        "gold": row.answer,
    }


def _noted(note: str, language: str) -> str:
    return "" if not note else f"（{note}）" if language == "zh" else f" ({note})"


def _analyst(row: Row, prompts: Prompts, before: Sequence[Attempt]) -> str:
    analyst = prompts.analyst
    feedback = ""
    if before:
        verdicts = "\n".join(f"- {_verdict(attempt, prompts)}" for attempt in before)
        feedback = fill(analyst.feedback, verdicts=verdicts)
    sections = "\n".join(f"{head}\n- ..." for head in heads(analyst.sections))
    return fill(analyst.prompt, **_slots(row, prompts), sections=sections, feedback=feedback)


def _verdict(attempt: Attempt, prompts: Prompts) -> str:
    analyst = prompts.analyst
    said = " ".join(analyst.faults[code] for code in attempt.faults) or attempt.comment
    if attempt.scores:
        scores = ", ".join(f"{name} {score}" for name, score in attempt.scores.items())
        said = f"{said} {fill(analyst.scores, scores=scores)}".strip()
    return fill(analyst.verdict, number=str(attempt.number), comment=said)


def _reviewer(row: Row, prompts: Prompts, output: str) -> str:
    reviewer = prompts.reviewer
    criteria = "\n".join(f"- {name}: {text}" for name, text in reviewer.criteria.items())
    return fill(
        reviewer.prompt,
        **_slots(row, prompts),
        output=output,
        criteria=criteria,
        form=form(reviewer.comment),
    )
