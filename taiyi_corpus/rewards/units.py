"""A gold of any kind as units: labelled sets of members, so that one measure of overlap serves all kinds.

A repeated member is a member of its own (a protein that binds itself has two arguments), and the arguments of a
relation without direction lose their roles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

from taiyi_corpus.rewards.overlap import Unit
from taiyi_corpus.rewards.question import Question
from taiyi_corpus.rewards.rexdrug import normal

SINGLE = frozenset(
    {"mentions", "links", "labels", "label", "text"}
)  # units of one member: found or not


def units(question: Question, gold: Any) -> list[Unit]:
    """Return the units of a gold, repeats kept, in its order."""
    kind = question.kind
    if kind == "mentions":
        return [(normal(type_), frozenset({normal(mention)})) for type_, mention in gold]
    if kind == "links":
        return [("", frozenset({(normal(mention), normal(concept))})) for mention, concept in gold]
    if kind == "labels":
        return [("", frozenset({normal(label)})) for label in gold]
    if kind in ("label", "text"):
        return [("", frozenset({normal(str(gold))}))]
    if kind == "clusters":
        return [("", _members(("", normal(m)) for m in cluster)) for cluster in gold]
    made: list[Unit] = []
    for item in gold:
        loose = item["type"] in question.symmetric
        args = [("" if loose else normal(role), normal(text)) for role, text in item["args"]]
        if kind == "events" and item["trigger"] is not None:
            args.append(("\0trigger", normal(item["trigger"])))
        made.append((normal(item["type"]), _members(args)))
    return made


def shared(question: Question) -> int:
    """Return how many members two units must share to count as partly the same."""
    return 2 if question.kind in ("tuples", "clusters") else 1


def _members(pairs: Iterable[tuple[str, str]]) -> frozenset[Hashable]:
    seen: Counter[tuple[str, str]] = Counter()
    members: set[Hashable] = set()
    for pair in pairs:
        members.add((*pair, seen[pair]))
        seen[pair] += 1
    return frozenset(members)
