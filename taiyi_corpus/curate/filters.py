"""Filters: each keeps a record or names the reason to drop it.

`FILTERS` maps the name a recipe uses to the function; the name is the reason code in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.schema.record import Record

Filter = Callable[[Record], str | None]


def dialogue_one_sided(record: Record) -> str | None:
    """Drop a dialogue in which one side never speaks."""
    if record.turns is None or {turn.role for turn in record.turns} == {"user", "assistant"}:
        return None
    return f"{len(record.turns)} turns of one speaker"


def answer_is_question(record: Record) -> str | None:
    """Drop a question whose answer repeats it."""
    if record.question is None or not record.answers:
        return None
    question = record.question.strip()
    return (
        question[:80] if any(answer.text.strip() == question for answer in record.answers) else None
    )


def pair_identical_sides(record: Record) -> str | None:
    """Drop a text-to-text pair whose target is its source."""
    if (
        record.source is None
        or record.target is None
        or record.source.strip() != record.target.strip()
    ):
        return None
    return record.source.strip()[:80]


FILTERS: dict[str, Filter] = {
    "answer_is_question": answer_is_question,
    "dialogue_one_sided": dialogue_one_sided,
    "pair_identical_sides": pair_identical_sides,
}
COLUMNS = ("question", "answers", "turns", "source", "target", "text", "text_a", "text_b")


def chosen(names: Sequence[str]) -> list[tuple[str, Filter]]:
    """Return the filters of a recipe, in its order.

    Raises:
        InputError: each name that is no filter.
    """
    unknown = [name for name in names if name not in FILTERS]
    if unknown:
        raise InputError(
            Fault("filters", "names of filters", repr(n), nearest(n, list(FILTERS)))
            for n in unknown
        )
    return [(name, FILTERS[name]) for name in names]
