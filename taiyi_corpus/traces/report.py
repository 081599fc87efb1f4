"""What a run came to: accepted and failed by label and by arity, the mix of labels before and after, what it used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from taiyi_corpus.rewards.tagged import tagged
from taiyi_corpus.traces.rows import Left, Read, Row
from taiyi_corpus.traces.work import Result


class Part(Struct, frozen=True):
    """How rows with one label, or with relations of one arity, fared."""

    rows: int
    accepted: int
    share_before: float  # of all that is labelled in the rows
    share_after: float  # of all that is labelled in the accepted rows


class Report(Struct, frozen=True, kw_only=True):
    """A run in numbers. Tokens and calls are those that its results needed, replayed ones included."""

    rows: int
    accepted: int
    failed: dict[str, int]
    unfinished: dict[str, int]
    rejected: dict[str, int]
    skipped: dict[str, int]
    duplicates: int
    acceptance: float | None
    first_attempt: float | None  # share of the finished rows accepted at once
    attempts: dict[str, int]  # attempts needed -> accepted rows
    faults: dict[str, int]  # what turned attempts down
    labels: dict[str, Part]
    arity: dict[str, Part]
    tokens_in: int
    tokens_out: int
    ended: str = ""


def report(read: Read, results: Sequence[Result], ended: str = "") -> Report:
    """Return the report of a run."""
    by_status = {
        status: [r for r in results if r.status == status]
        for status in ("accepted", "failed", "unfinished")
    }
    accepted = {result.id for result in by_status["accepted"]}
    finished = len(accepted) + len(by_status["failed"])
    tries = Counter(len(result.attempts) for result in by_status["accepted"])
    every = [attempt for result in results for attempt in result.attempts]
    return Report(
        rows=len(results),
        accepted=len(accepted),
        failed=_counted(result.reason for result in by_status["failed"]),
        unfinished=_counted(result.reason for result in by_status["unfinished"]),
        rejected=_counted(_of(read.left, "rejected")),
        skipped=_counted(_of(read.left, "skipped")),
        duplicates=read.duplicates,
        acceptance=_share(len(accepted), finished),
        first_attempt=_share(tries[1], finished),
        attempts={str(number): count for number, count in sorted(tries.items())},
        faults=_counted(f for a in every if not a.accepted for f in a.faults or ["turned_down"]),
        labels=_parts(read.rows, accepted, _labels),
        arity=_parts(read.rows, accepted, _arities),
        tokens_in=sum(attempt.tokens_in for attempt in every),
        tokens_out=sum(attempt.tokens_out for attempt in every),
        ended=ended,
    )


def accepted_record(row: Row, result: Result) -> dict[str, Any]:
    """Return what is kept of an accepted row."""
    last = result.attempts[-1]
    return {
        **_head(row),
        "think": result.think,
        "answer": (tagged(last.output).answer or "").strip(),
        "output": last.output,
        "scores": last.scores,
        "retry_count": len(result.attempts) - 1,
    }


def failed_record(row: Row, result: Result) -> dict[str, Any]:
    """Return what is kept of a row that failed or is not finished."""
    best = max(result.attempts, key=lambda a: (sum(a.scores.values()), -a.number), default=None)
    return {
        **_head(row),
        "status": result.status,
        "reason": result.reason,
        "last_output": result.attempts[-1].output if result.attempts else "",
        "best_output": best.output if best else "",
        "best_scores": best.scores if best else {},
    }


def _head(row: Row) -> dict[str, Any]:
    return {
        "id": row.id, "dataset": row.dataset, "task": row.task, "language": row.language, "text": row.text,
        "context": row.context, "gold": row.gold,
    }  # fmt: skip


def _labels(row: Row) -> Iterator[str]:
    kind = row.question.kind
    if kind == "mentions":
        yield from (type_ for type_, _ in row.gold)
    elif kind in ("tuples", "events"):
        yield from (item["type"] for item in row.gold)
    elif kind == "labels":
        yield from row.gold
    elif row.labels:  # the options of a question are other texts in every row
        yield row.gold


def _arities(row: Row) -> Iterator[str]:
    if row.question.kind == "tuples":
        yield from (str(len(item["args"])) for item in row.gold)


def _parts(rows: Sequence[Row], accepted: set[str], of: Any) -> dict[str, Part]:
    there, before, after, kept = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        found = Counter(of(row))
        there.update(found.keys())
        before.update(found)
        if row.id in accepted:
            kept.update(found.keys())
            after.update(found)
    return {
        name: Part(
            there[name],
            kept[name],
            _share(before[name], before.total()) or 0.0,
            _share(after[name], after.total()) or 0.0,
        )
        for name in sorted(there)
    }


def _of(left: Sequence[Left], status: str) -> Iterator[str]:
    return (one.reason for one in left if one.status == status)


def _counted(reasons: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(reasons).items()))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
