"""The texts of a record by what they are: what answers, what an assistant wrote, all there is."""

from __future__ import annotations

from taiyi_corpus.schema.record import Record


def answers(record: Record) -> list[str]:
    """Return free answers and the target; the answer of a choice question is an option, and none of these."""
    found = [answer.text for answer in record.answers or []] if record.choices is None else []
    return [*found, record.target] if record.target is not None else found


def written(record: Record) -> list[str]:
    """Return what a model would learn to write: answers, the target, turns of the assistant."""
    turns = [turn.text for turn in record.turns or [] if turn.role == "assistant"]
    return [*answers(record), *turns]


def texts(record: Record) -> list[str]:
    """Return all texts but options and rationale."""
    parts = [
        record.text,
        record.question,
        record.context,
        record.text_a,
        record.text_b,
        record.source,
        record.target,
    ]
    parts += [answer.text for answer in record.answers or []]
    parts += [turn.text for turn in record.turns or []]
    return [part for part in parts if part]


def length_of(record: Record) -> int:
    """Return the characters of those."""
    return sum(len(text) for text in texts(record))
