"""An answer as the set of things it states, compared letter by letter, as strict scores want it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import combinations
from typing import Any

from taiyi_corpus.rewards.question import Question

Item = tuple[str, Hashable]  # type, what is said of it
Items = frozenset[Item]


def items(question: Question, gold: Any) -> Items:
    """Return the items of a structured answer of a kind that is a set."""
    return _ITEMS[question.kind](question, gold)


def triggers(gold: Any) -> Items:
    """Return the triggers of events, with their types."""
    return frozenset((event["type"].strip(), (event["trigger"] or "").strip()) for event in gold)


def arguments(gold: Any) -> Items:
    """Return the arguments of events, each with the type of its event."""
    return frozenset(
        (event["type"].strip(), (role.strip(), text.strip()))
        for event in gold
        for role, text in event["args"]
    )


def _mentions(question: Question, gold: Any) -> Items:
    return frozenset((type_.strip(), mention.strip()) for type_, mention in gold)


def _links(question: Question, gold: Any) -> Items:
    return frozenset(("", (mention.strip(), concept.strip())) for mention, concept in gold)


def _tuples(question: Question, gold: Any) -> Items:
    made = set()
    for item in gold:
        loose = item["type"] in question.symmetric
        args = sorted(("" if loose else role.strip(), text.strip()) for role, text in item["args"])
        made.add((item["type"].strip(), tuple(args)))
    return frozenset(made)


def _events(question: Question, gold: Any) -> Items:
    return frozenset(
        (
            event["type"].strip(),
            (
                event["trigger"],
                tuple(sorted((role.strip(), text.strip()) for role, text in event["args"])),
            ),
        )
        for event in gold
    )


def _labels(question: Question, gold: Any) -> Items:
    return frozenset((label.strip(), label.strip()) for label in gold)


def _clusters(question: Question, gold: Any) -> Items:
    """Every two mentions of one cluster: a cluster that lacks one mention is not all wrong."""
    return frozenset(
        ("", pair)
        for cluster in gold
        for pair in combinations(sorted({m.strip() for m in cluster}), 2)
    )


_ITEMS: dict[str, Callable[[Question, Any], Items]] = {
    "mentions": _mentions,
    "links": _links,
    "tuples": _tuples,
    "events": _events,
    "labels": _labels,
    "clusters": _clusters,
}
SETS = frozenset(_ITEMS)
