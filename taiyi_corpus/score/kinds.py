"""The measures of each kind of answer, over the rows of one dataset and task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from taiyi_corpus.score import generated, graded, lenient, nary
from taiyi_corpus.score.answered import Answered
from taiyi_corpus.score.items import SETS, Items, arguments, items, triggers
from taiyi_corpus.score.measure import Measure, f1, mean, precision, recall
from taiyi_corpus.score.report import TypeScore

Rules = Literal["strict", "taiyi"]
RULES: tuple[Rules, ...] = ("strict", "taiyi")
Found = tuple[list[Measure], list[TypeScore], list[str]]  # measures, types, notes
_NOTHING = "nothing to find, and nothing found"


def by_rules(task: str, group: list[Answered], rules: Rules) -> Found:
    """Return the measures of a group, the one it is known by first."""
    question = group[0].question
    if rules == "taiyi" and task in lenient.STYLES:
        return _lenient(task, group)
    if question.kind in SETS:
        return _sets(task, group)
    if question.kind == "text":
        return _texts(task, group)
    return _graded(group) if question.options is None else _choices(task, group)


def _sets(task: str, group: list[Answered]) -> Found:
    sides = [
        (
            items(one.question, one.gold),
            frozenset() if one.found is None else items(one.question, one.found),
        )
        for one in group
    ]
    made = _set_measures(sides)
    if task == "ee":
        for name, part in (("trigger_f1", triggers), ("argument_f1", arguments)):
            parts = [(part(one.gold), part(one.found or [])) for one in group]
            made.append(Measure(name, _counts(parts), f1, _NOTHING))
    if task == "tc":
        same = [(float(gold == found and one.found is not None), 1.0)
                for one, (gold, found) in zip(group, sides, strict=True)]  # fmt: skip
        made.append(Measure("accuracy", same, mean, "no rows"))
    if group[0].row["dataset"] in nary.PAIRS and group[0].question.kind == "tuples":
        made += nary.pairs(
            [(gold, None if one.found is None else found)
             for one, (gold, found) in zip(group, sides, strict=True)]
        )  # fmt: skip
    if one_role := _of_one_role(group):
        positive = _positive(group)
        documents = [
            (
                _related(one.gold, one_role, positive),
                None if one.found is None else _related(one.found, one_role, positive),
            )
            for one in group
        ]
        made += nary.measures(documents, positive=bool(positive))
    return made, _types(sides), []


def _set_measures(sides: Sequence[tuple[Items, Items]]) -> list[Measure]:
    counts = _counts(sides)
    return [
        Measure("micro_f1", counts, f1, _NOTHING),
        Measure("precision", counts, precision, "nothing found, and nothing to find"),
        Measure("recall", counts, recall, "nothing to find"),
    ]


def _counts(sides: Sequence[tuple[Items, Items]]) -> list[tuple[float, float, float]]:
    return [
        (float(len(gold & found)), float(len(found)), float(len(gold))) for gold, found in sides
    ]


def _types(sides: Sequence[tuple[Items, Items]]) -> list[TypeScore]:
    gold_of, found_of, hits_of = Counter[str](), Counter[str](), Counter[str]()
    for gold, found in sides:
        for counter, part in ((gold_of, gold), (found_of, found), (hits_of, gold & found)):
            counter.update(type_ for type_, _ in part)
    made = []
    for type_ in sorted({*gold_of, *found_of} - {""}):
        there, said, hits = gold_of[type_], found_of[type_], hits_of[type_]
        rates = (_percent(hits, said), _percent(hits, there), _percent(2 * hits, said + there))
        made.append(TypeScore(type_, there, said, hits, *rates))
    return made


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 4) if whole else 0.0


def _choices(task: str, group: list[Answered]) -> Found:
    right = [
        (float(one.found is not None and one.found.strip() == one.gold.strip()), 1.0)
        for one in group
    ]
    made = [Measure("accuracy", right, mean, "no rows")]
    if task == "qa_choice":  # its options are other texts in every row
        return made, [], []
    sides = [(_label(one.gold), _label(one.found)) for one in group]
    return made, _types(sides), []


def _label(label: Any) -> Items:
    return frozenset() if label is None else frozenset({(label.strip(), label.strip())})


def _graded(group: list[Answered]) -> Found:
    gold = [float(one.gold) for one in group]
    found = [None if one.found is None else graded.number(one.found) for one in group]
    no_number = sum(value is None for value in found)
    made = graded.measures(found, gold)
    same = [(float(a == b), 1.0) for a, b in zip(found, gold, strict=True)]
    made.append(Measure("accuracy", same, mean, "no rows"))
    return made, [], [f"{no_number:,} answers are no number"] if no_number else []


def _texts(task: str, group: list[Answered]) -> Found:
    gold = [str(one.gold) for one in group]
    found = ["" if one.found is None else str(one.found) for one in group]
    han = sum("\u4e00" <= sign <= "\u9fff" for text in gold for sign in text)
    latin = sum(sign.isascii() and sign.isalpha() for text in gold for sign in text)
    made, note = generated.measures(found, gold, "zh" if han > latin else "en")
    first = "bleu" if task == "mt" else "rougel"
    made.sort(key=lambda measure: measure.name != first)
    return made, [], [note] if note else []


def _lenient(task: str, group: list[Answered]) -> Found:
    sides = []
    for one in group:
        if lenient.reads(task, one.question.style):
            empty = one.question.words.get("empty", "").replace(
                "{type}", (one.question.options or [""])[0]
            )
            sides.append(
                (
                    lenient.said(task, one.gold_text, empty),
                    lenient.said(task, one.text or "", empty),
                )
            )
        elif one.question.kind in SETS:
            gold, found = (lenient.compared(task, side) for side in (one.gold, one.found or []))
            sides.append((items(one.question, gold), items(one.question, found)))
        else:
            sides.append((_label(one.gold), _label(one.found)))
    others = sum(not lenient.reads(task, one.question.style) for one in group)
    notes = (
        [f"{others:,} rows are in a style whose form the rules do not know: read by our parser"]
        if others
        else []
    )
    if group[0].question.kind == "label":
        right = [(float(gold == found), 1.0) for gold, found in sides]
        return [Measure("accuracy", right, mean, "no rows")], [], notes
    return _set_measures(sides), _types(sides), notes


def _of_one_role(group: list[Answered]) -> frozenset[str]:
    """Return the relations that any number of mentions enter in one role."""
    roles = (one.question.roles or {} for one in group if one.question.kind == "tuples")
    return frozenset(
        type_ for of_row in roles for type_, names in of_row.items() if len(names) == 1
    )


def _positive(group: list[Answered]) -> frozenset[str]:
    """Return what the relations that mean a positive combination are called."""
    spec = group[0].spec
    codes = nary.POSITIVE.get(group[0].row["dataset"], frozenset())
    known = {} if spec is None else spec.labels.relations
    named = [known[code] for code in codes if code in known]
    return frozenset(name for relation in named for name in (relation.en, relation.zh))


def _related(gold: Any, one_role: frozenset[str], positive: frozenset[str]) -> list[nary.Related]:
    return [
        nary.Related(
            frozenset(text.strip().lower() for _, text in item["args"]), item["type"] in positive
        )
        for item in gold
        if item["type"] in one_role
    ]
