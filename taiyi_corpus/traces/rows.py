"""What a trace is written for: one question of a record with its gold, or why there is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from taiyi_corpus.instruct.answers import KINDS
from taiyi_corpus.instruct.ask import Ask, Candidate, Refused, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.rewards.question import Question
from taiyi_corpus.rewards.tagged import holds_tags
from taiyi_corpus.rewards.units import units
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import DatasetSpec, LabelName

LEAST = 2  # arguments of a relation
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Row(Struct, frozen=True, kw_only=True):
    """A question with its gold."""

    id: str
    dataset: str
    task: str
    language: str
    text: str
    context: str = ""
    labels: list[tuple[str, str]] = []  # label and what it means, as shown
    question: Question
    gold: Any

    @property
    def answer(self) -> str:
        """Return the gold as JSON."""
        return self.question.render(self.gold)


class Left(Struct, frozen=True):
    """A record or question without a trace: rejected for a fault of its own, or skipped."""

    id: str
    status: str  # rejected | skipped
    reason: str
    detail: str = ""


class Policy(Struct, frozen=True):
    """What is done with relations that are out of the ordinary."""

    types: Mapping[str, str] = {}  # relation type in the records -> type of the registry
    keep_few: bool = False  # keep relations of fewer than two arguments


class Read(Struct):
    """The questions of a dataset, what is left out, and how many relations were said twice."""

    rows: list[Row]
    left: list[Left]
    duplicates: int


def read(records: Iterable[Record], setting: Setting, task: str, policy: Policy) -> Read:
    """Return the questions that records give for a task."""
    found = Read([], [], 0)
    for record in records:
        if fault := _fault(record, setting.spec, task, policy):
            found.left.append(Left(record.id, "rejected", *fault))
            continue
        for item in _rows(_renamed(record, policy), setting, task):
            if isinstance(item, Left):
                found.left.append(item)
                continue
            row, duplicates = item
            found.rows.append(row)
            found.duplicates += duplicates
    return found


def _fault(record: Record, spec: DatasetSpec, task: str, policy: Policy) -> tuple[str, str] | None:
    """Return code and detail of what makes a record unfit."""
    asked = record.question if KINDS[task] == "label" else record.text
    if not (asked or "").strip():
        return "no_text", "nothing to read"
    if holds_tags(f"{asked}\n{record.context or ''}"):
        return (
            "text_holds_tags",
            "the text holds <think> or <answer>, which mark the parts of an answer",
        )
    if KINDS[task] != "tuples":
        return None
    known = {
        item.id
        for part in (record.entities, record.concepts, record.events, record.relations)
        for item in part or []
    }
    for relation in record.relations or []:
        type_ = policy.types.get(relation.type, relation.type)
        if type_ not in spec.labels.relations:
            return "unknown_type", f"{relation.id} is {relation.type!r}"
        if lost := [
            arg.ref for arg in relation.args if arg.ref is not None and arg.ref not in known
        ]:
            return "unknown_reference", f"{relation.id} names {lost[0]!r}"
        things = {(arg.ref, arg.text) for arg in relation.args}
        least = LEAST if len({arg.role for arg in relation.args}) == 1 else 1
        if (len(relation.args) < LEAST or len(things) < least) and not policy.keep_few:
            return "too_few_arguments", f"{relation.id} relates {len(things)}, {LEAST} at least"
    return None


def _renamed(record: Record, policy: Policy) -> Record:
    if not policy.types or record.relations is None:
        return record
    relations = [replace(r, type=policy.types.get(r.type, r.type)) for r in record.relations]
    return replace(record, relations=relations)


def _rows(record: Record, setting: Setting, task: str) -> Iterator[tuple[Row, int] | Left]:
    module, first = TASK_MODULES[task], next(iter(FORMS[task]))
    candidates: list[Candidate] = module.candidates(record, task, setting)
    # Of several decompositions the one with all labels; the forms of a question differ in what it has.
    if KINDS[task] != "label" and task != "tc":
        candidates = [candidate for candidate in candidates if candidate.form == first]
    if not candidates:
        yield Left(record.id, "skipped", "no_gold", f"nothing to ask by {task}")
    for candidate in candidates:
        id_ = candidate.id(record.id)
        try:
            ask: Ask = module.ask(record, candidate, setting)
        except Refused as why:
            yield Left(id_, "skipped", why.reason, why.detail)
            continue
        yield _row(id_, record, task, setting, ask)


def _row(id_: str, record: Record, task: str, setting: Setting, ask: Ask) -> tuple[Row, int] | Left:
    spec, language = setting.spec, setting.language(record)
    kind, none = KINDS[task], None
    symmetric: list[str] = []
    options, gold = ask.options, ask.gold
    if kind == "tuples":
        symmetric = [_called(r, language) for r in spec.labels.relations.values() if r.symmetric]
        if spec.labels.no_relation is not None:
            none = _called(spec.labels.no_relation, language)
            options = [*(options or []), none]
        elif not gold:
            return Left(
                id_,
                "skipped",
                "no_relation",
                "nothing is related, and the dataset names no answer for that",
            )
    question = Question(
        kind=kind, style="json", options=options, roles=ask.roles, symmetric=symmetric, none=none
    )
    distinct = gold
    if kind in ("tuples", "events", "mentions"):
        distinct = _distinct(gold, question)
    if none is not None and not gold:
        distinct = [{"type": none, "args": []}]
    row = Row(
        id=id_,
        dataset=record.dataset,
        task=task,
        language=language,
        text=_text(ask),
        context="" if "context" in ask.slots else (record.context or "").strip(),
        labels=_labels(spec, kind, options or [], ask, language) if task != "qa_choice" else [],
        question=question,
        gold=distinct,
    )
    return row, _said_twice(record, kind)


def _text(ask: Ask) -> str:
    """Return the text, or the question with what it is about and its options."""
    if "text" in ask.slots:
        return ask.slots["text"]
    parts = [ask.slots.get(name, "") for name in ("context", "question")]
    if "choices" in ask.slots:
        parts.append("\n".join(f"- {option}" for option in ask.options or []))
    return "\n\n".join(part for part in parts if part)


def _distinct(gold: Any, question: Question) -> Any:
    found: dict[Any, Any] = {}
    for item, unit in zip(gold, units(question, gold), strict=True):
        key = unit if question.kind == "tuples" else str(item)
        found.setdefault(key, item)
    return list(found.values())


def _said_twice(record: Record, kind: str) -> int:
    if kind != "tuples":
        return 0
    said = Counter(
        (
            relation.type,
            tuple(sorted((arg.role, arg.ref or "", arg.text or "") for arg in relation.args)),
        )
        for relation in record.relations or []
    )
    return sum(count - 1 for count in said.values())


def _labels(
    spec: DatasetSpec, kind: str, options: list[str], ask: Ask, language: str
) -> list[tuple[str, str]]:
    """Return the labels shown, each with its roles and with what the registry says that it means."""
    sets: list[Mapping[str, LabelName]] = [
        spec.labels.entities, spec.labels.relations, spec.labels.events, spec.labels.classes,
    ]  # fmt: skip
    named = {_called(label, language): label for labels in sets for label in labels.values()}
    if spec.labels.no_relation is not None:
        named.setdefault(_called(spec.labels.no_relation, language), spec.labels.no_relation)
    made = []
    for option in options:
        label = named.get(option)
        note = label.note if label is not None else None
        # A note has one language; in a prompt of the other it would not help.
        notes = [note] if note and bool(_HAN.search(note)) == (language == "zh") else []
        if roles := (ask.roles or {}).get(option):
            notes.append(", ".join(roles))
        made.append((option, "; ".join(notes)))
    return made


def _called(label: LabelName, language: str) -> str:
    return label.zh if language == "zh" else label.en
