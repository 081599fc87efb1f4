"""The four rewards of RexDrug (arXiv 2603.08166) as published, loopholes included; `strict` is what to train with.

An answer is a JSON list of `{"type": ..., "ent_set": [...]}` in `<answer>`; types are compared in upper case, strings
without case and doubled blanks, members as sets. `args` in place of `ent_set` is read as the texts of all roles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from typing import Any

from msgspec import Struct

from taiyi_corpus.rewards.literal import read_list
from taiyi_corpus.rewards.overlap import Unit, aligned_f1, best, mean
from taiyi_corpus.rewards.tagged import tagged

WEIGHTS = {"format": 0.05, "reasoning": 0.05, "coverage": 0.10, "accuracy": 0.80}
_MARKS = (
    *([f"[{n}]" for n in range(1, 5)], [f"{n}." for n in range(1, 5)], [f"{n}、" for n in range(1, 5)]),
    *([f"{n})" for n in range(1, 5)], [f"({n})" for n in range(1, 5)]),
    *(["第一", "第二", "第三", "第四"], ["首先", "其次", "然后", "最后"]),
)  # fmt: skip
_BLANKS = re.compile(r"\s+")


class Scheme(Struct, frozen=True):
    """The relations of one dataset: their types, the one that says that there is none, whether all are pairs."""

    types: tuple[str, ...]
    none: str = "NO_COMB"
    pairs: bool = False


DRUGCOMB = Scheme(("POS", "NEG", "COMB", "NO_COMB"))
DDI13 = Scheme(("EFFECT", "MECHANISM", "ADVISE", "INT", "NO_COMB"), pairs=True)


class _Item(Struct, frozen=True):
    type: str
    raw: tuple[str, ...]
    members: frozenset[Hashable]


def format(text: str, scheme: Scheme = DRUGCOMB) -> float:
    """Return 0 without both pairs of tags, 0.5 with them, 1 if the answer is well formed besides."""
    parts = tagged(text)
    if parts.think is None or parts.answer is None:
        return 0.0
    return 1.0 if _well_formed(read_list(parts.answer), scheme) else 0.5


def reasoning(text: str) -> float:
    """Return 1 if the trace holds all four marks of one way of numbering."""
    think = tagged(text).think or ""
    return float(any(all(mark in think for mark in marks) for marks in _MARKS))


def coverage(text: str, solution: str, scheme: Scheme = DRUGCOMB) -> float:
    """Return how far the members of the gold relations are found, whatever the types, less what is said twice."""
    found = _answered(text, scheme)
    if found is None:
        return 0.0
    gold = _gold(solution)
    none = scheme.none
    if any(bool(item.raw) == (item.type == none) for item in found):
        return -1.0
    if (decided := _about_none(gold, found, none)) is not None:
        return (1.0, 0.0, -1.0)[decided]
    golds, founds = (
        [item.members for item in items if len(item.members) > 1] for items in (gold, found)
    )
    shares = (
        [float(one in founds) for one in golds]
        if scheme.pairs
        else [best(one, founds, 2) for one in golds]
    )
    return max(-1.0, mean(shares) - _duplicates(found))


def accuracy(text: str, solution: str, scheme: Scheme = DRUGCOMB) -> float:
    """Return 0.33 of the partial and 0.67 of the exact F1 with types; of pairs, the exact F1."""
    found = _answered(text, scheme)
    if found is None:
        return 0.0
    gold = _gold(solution)
    if (decided := _about_none(gold, found, scheme.none)) is not None:
        return float(decided == _BOTH)
    golds, founds = _units(gold), _units(found)
    exact = aligned_f1(golds, founds, 2, exact=True)
    return exact if scheme.pairs else 0.33 * aligned_f1(golds, founds, 2) + 0.67 * exact


def total(
    text: str, solution: str, scheme: Scheme = DRUGCOMB, weights: dict[str, float] | None = None
) -> float:
    """Return the weighted sum of the four."""
    given = WEIGHTS if weights is None else weights
    parts = {
        "format": format(text, scheme),
        "reasoning": reasoning(text),
        "coverage": coverage(text, solution, scheme),
        "accuracy": accuracy(text, solution, scheme),
    }
    return sum(given[name] * value for name, value in parts.items())


_BOTH, _GOLD_ONLY, _FOUND_ONLY = 0, 1, 2


def _about_none(gold: list[_Item], found: list[_Item], none: str) -> int | None:
    """Return who says that there is no relation: both, the gold alone, the answer alone; None: neither."""
    says = [
        not items or (len(items) == 1 and items[0].type == none and not items[0].raw)
        for items in (gold, found)
    ]
    if not any(says):
        return None
    return _BOTH if all(says) else _GOLD_ONLY if says[0] else _FOUND_ONLY


def _answered(text: str, scheme: Scheme) -> list[_Item] | None:
    answer = tagged(text).answer
    if answer is None:
        return None
    value = read_list(answer)
    return _items(value) if _well_formed(value, scheme) else None


def _gold(solution: str) -> list[_Item]:
    answer = tagged(solution).answer
    return _items(read_list(solution if answer is None else answer))


def _well_formed(value: list[Any], scheme: Scheme) -> bool:
    types = {name.upper() for name in scheme.types}
    for item in value:
        if not isinstance(item, dict) or _type(item) not in types:
            return False
        members = _members(item)
        if members is None or (len(members) < 2 and _type(item) != scheme.none):
            return False
    return bool(value)


def _type(item: dict[str, Any]) -> str:
    return str(item.get("type", "")).strip().upper()


def _members(item: dict[str, Any]) -> list[Any] | None:
    """Return what an item relates; None if that is not a list."""
    if isinstance(args := item.get("ent_set", item.get("args")), list):
        return args
    if not isinstance(args, dict) or "ent_set" in item:
        return None
    return [
        text for texts in args.values() for text in (texts if isinstance(texts, list) else [texts])
    ]


def _items(value: list[Any]) -> list[_Item]:
    made = []
    for item in value:
        if isinstance(item, dict):
            raw = [str(member) for member in _members(item) or []]
            members = frozenset(norm for member in raw if (norm := normal(member)))
            made.append(_Item(_type(item), tuple(sorted(raw)), members))
    return made


def normal(text: str) -> str:
    """Return a text without case, blanks around it and doubled blanks inside."""
    return _BLANKS.sub(" ", text.strip()).lower()


def _units(items: list[_Item]) -> list[Unit]:
    return [(item.type, item.members) for item in items if len(item.members) > 1]


def _duplicates(items: list[_Item]) -> float:
    counts = Counter(item.raw for item in items)
    return sum(count for count in counts.values() if count > 1) / len(items) if items else 0.0
