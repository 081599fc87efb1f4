"""The four rewards without the loopholes of the published ones, for every kind of answer that parses back to gold.

- Tags stand once, in order, with nothing beside them; with anything else every reward is 0.
- Reasoning needs the four numbered heads, each at the start of a line, once, in order, with bullets below it.
- An answer that contradicts itself (no relation, and a relation) or relates fewer than two things is not well formed,
  and its coverage is -1.
- Nothing found is one answer, however it is written; repeats are counted with their type.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from msgspec import Struct

from taiyi_corpus.instruct.answers import Unparsable
from taiyi_corpus.rewards.literal import LONGEST
from taiyi_corpus.rewards.overlap import Unit, aligned_f1, best, mean
from taiyi_corpus.rewards.question import Question
from taiyi_corpus.rewards.tagged import tagged
from taiyi_corpus.rewards.units import SINGLE, shared, units

WEIGHTS = {"format": 0.05, "reasoning": 0.05, "coverage": 0.10, "accuracy": 0.80}
WITHOUT_TRACE = {"format": 0.1, "reasoning": 0.0, "coverage": 0.3, "accuracy": 0.6}
HEADS = ("[1]", "[2]", "[3]", "[4]")
_BULLET = re.compile(r"[-*•] ?\S")


class Reading(Struct, frozen=True):
    """What a text says: whether its tags are right, its trace, the gold it states, why it states none."""

    tags: bool
    think: str = ""
    gold: Any = None
    fault: str = ""  # "", "tags", "long", "unparsable", "contradiction", "too_few"

    @property
    def well_formed(self) -> bool:
        """Tell whether tags and answer are as they must be."""
        return not self.fault


def read(text: str, question: Question, *, trace: bool = True) -> Reading:
    """Return what a text says; `trace`: it must reason in tags before it answers."""
    think, answer = "", text
    if trace:
        parts = tagged(text)
        if not parts.strict or parts.think is None or parts.answer is None:
            return Reading(False, fault="tags")
        think, answer = parts.think, parts.answer
    if len(answer) > LONGEST:
        return Reading(True, think, fault="long")
    try:
        gold = question.parse(answer)
    except Unparsable:
        return Reading(True, think, fault="unparsable")
    if question.kind == "tuples":
        gold, fault = sound(gold, question.none)
        return Reading(True, think, gold, fault)
    return Reading(True, think, gold)


def format(reading: Reading) -> float:
    """Return 0 with wrong tags, 0.5 with right ones, 1 if the answer is well formed besides."""
    return float(reading.tags) if reading.well_formed else 0.5 * reading.tags


def reasoning(reading: Reading) -> float:
    """Return 1 if the trace has its four heads in order, each with bullets below it."""
    return float(has_heads(reading.think))


def coverage(reading: Reading, question: Question, gold: Any) -> float:
    """Return how much of the gold is found, whatever its labels, less the share of the answer that repeats itself."""
    if reading.fault in ("contradiction", "too_few"):
        return -1.0
    if not reading.well_formed:
        return 0.0
    golds, founds = _both(reading, question, gold)
    if not golds or not founds:
        return 1.0 if not golds and not founds else -1.0 if golds else 0.0
    if question.kind in SINGLE:
        there = {members for _, members in founds}
        share = mean([float(members in there) for _, members in golds])
    else:
        sets = [members for _, members in founds]
        share = mean([best(members, sets, shared(question)) for _, members in golds])
    return max(-1.0, share - _repeated(golds, founds))


def accuracy(reading: Reading, question: Question, gold: Any) -> float:
    """Return 0.33 of the partial and 0.67 of the exact F1 of distinct units with their labels."""
    if not reading.well_formed:
        return 0.0
    golds, founds = (list(dict.fromkeys(side)) for side in _both(reading, question, gold))
    if not golds or not founds:
        return float(not golds and not founds)
    exact = aligned_f1(golds, founds, 1, exact=True)
    if question.kind in SINGLE:
        return exact
    return 0.33 * aligned_f1(golds, founds, shared(question)) + 0.67 * exact


def has_heads(think: str) -> bool:
    """Tell whether a trace has the heads [1] to [4], once each, in order, on lines of their own, with bullets below."""
    bullets: list[int] = []
    for line in think.splitlines():
        line = line.strip()
        if line.startswith(HEADS):
            if line[:3] != f"[{len(bullets) + 1}]":
                return False
            bullets.append(0)
        elif bullets and _BULLET.match(line):
            bullets[-1] += 1
    return len(bullets) == len(HEADS) and all(bullets)


def _both(reading: Reading, question: Question, gold: Any) -> tuple[list[Unit], list[Unit]]:
    if question.kind == "tuples":
        gold, _ = sound(gold, question.none)
    return units(question, gold), units(question, reading.gold)


def sound(gold: Any, none: str | None) -> tuple[Any, str]:
    """Return relations without the one that says that there is none, and what is wrong with them."""
    related = [item for item in gold if item["type"] != none]
    if len(related) < len(gold) and (related or any(item["args"] for item in gold)):
        return gold, "contradiction"
    for item in related:
        roles = {role for role, _ in item["args"]}
        # The members of a set are different things; head and tail may be one.
        members = {text.strip() for _, text in item["args"]} if len(roles) == 1 else item["args"]
        if len(members) < 2:
            return related, "too_few"
    return related, ""


def _repeated(golds: list[Unit], founds: list[Unit]) -> float:
    """Return the share of the answer that is said more often than the gold says it."""
    said = Counter(golds)
    counts = Counter(founds).items()
    return sum(count for unit, count in counts if count > max(1, said[unit])) / len(founds)
