"""Records and recipes for the tests of task modules, and what a task makes of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from taiyi_corpus.instruct.ask import Ask, Refused, Setting
from taiyi_corpus.instruct.render import render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.schema.record import (
    Answer,
    Argument,
    Choice,
    Concept,
    Entity,
    Event,
    Link,
    Record,
    Relation,
    Span,
    Trigger,
)
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Recipe
from tests.toys import dataset

ENTITIES = {
    "Drug": {"en": "drug", "zh": "药物"},
    "Disease": {"en": "disease", "zh": "疾病"},
    "Gene": {"en": "gene", "zh": "基因"},
    "Age": {"en": "age", "zh": "年龄", "ask": False},
}
RELATIONS = {
    "causes": {"en": "causes", "zh": "引起", "args": {"Head": ["Drug"], "Tail": ["Disease"]}},
    "treats": {"en": "treats", "zh": "治疗", "args": {"Head": ["Drug"], "Tail": ["Disease"]}},
}
EVENTS = {
    "Growth": {"en": "growth", "zh": "生长", "roles": ["Theme"]},
    "Control": {"en": "control", "zh": "调控", "roles": ["Theme", "Cause"]},
}
ROLES = {
    role: {"en": role.lower(), "zh": role.lower()} for role in ("Head", "Tail", "Theme", "Cause")
}
CLASSES = {name: {"en": name, "zh": f"{name}类"} for name in ("cause", "cure", "other")}
LABELS: dict[str, Any] = {
    "entities": ENTITIES,
    "relations": RELATIONS,
    "events": EVENTS,
    "roles": ROLES,
    "classes": CLASSES,
}


def setting(spec: DatasetSpec | None = None, **recipe: Any) -> Setting:
    """A setting of a dataset with all label sets, and of a recipe with what a test says of it."""
    given = {"name": "toy", "about": "Invented.", "stage": 1, "groups": [{"name": "all"}]} | recipe
    return Setting(spec or dataset(labels=LABELS), Recipe.model_validate(given))


def record(key: str = "1", **parts: Any) -> Record:
    identity = {"dataset": "toy", "split": "train", "origin": "raw", "license": "MIT"}
    return Record(id=f"toy/train/{key}", **{"language": "en", **identity, **parts})


def entity(id_: str, type_: str, text: str, start: int | None, **more: Any) -> Entity:
    spans = None if start is None else [Span(start, start + len(text))]
    return Entity(id=id_, type=type_, spans=spans, text=text, **more)


def marked(source: str, **parts: Any) -> Record:
    """A record from text with its mentions marked: "[Aspirin|Drug] eases [pain|Disease]." T1, T2 ..."""
    text, entities = "", []
    for piece in re.split(r"(\[[^]]+\])", source):
        if not piece.startswith("["):
            text += piece
            continue
        words, type_, *links = piece[1:-1].split("|")
        found = [Link(*link.split(":")) for link in links] or None
        entities.append(entity(f"T{len(entities) + 1}", type_, words, len(text), links=found))
        text += words
    return record(**{"text": text, "entities": entities, **parts})


def relation(id_: str, type_: str, *args: str) -> Relation:
    """A relation between annotations, by id; a bare string is in quotes."""
    return Relation(id=id_, type=type_, args=arguments(zip(("Head", "Tail"), args, strict=True)))


def event(id_: str, type_: str, trigger: tuple[str, int] | None, **args: str) -> Event:
    said = None
    if trigger is not None:
        text, start = trigger
        said = Trigger(text=text, spans=[Span(start, start + len(text))] if start >= 0 else None)
    return Event(id=id_, type=type_, trigger=said, args=arguments(args.items()))


def arguments(pairs: Any) -> list[Argument]:
    return [
        Argument(role=role, text=ref.strip("'"))
        if ref.startswith("'")
        else Argument(role=role, ref=ref)
        for role, ref in pairs
    ]


def concept(id_: str, type_: str, *links: str) -> Concept:
    return Concept(id=id_, type=type_, links=[Link(*link.split(":")) for link in links])


def asked(record_: Record, task: str, at: Setting | None = None) -> Iterator[tuple[str, Ask | str]]:
    """Yield (id after the record's, question or reason of refusal) of every candidate."""
    at = at or setting()
    module = TASK_MODULES[task]
    for candidate in module.candidates(record_, task, at):
        id_ = candidate.id(record_.id).removeprefix(f"{record_.id}#{task}.")
        try:
            yield id_, render(record_, candidate, at).ask
        except Refused as why:
            yield id_, why.reason


def only(record_: Record, task: str, at: Setting | None = None) -> Ask:
    ((_, ask),) = asked(record_, task, at)
    assert isinstance(ask, Ask), ask
    return ask


def outcome(record_: Record, task: str, at: Setting | None = None) -> list[Any]:
    """The gold of each candidate, or the reason it is refused."""
    return [ask if isinstance(ask, str) else ask.gold for _, ask in asked(record_, task, at)]


def many(make: Any, count: int = 200) -> Sequence[Record]:
    """Records that differ in their key alone."""
    return [make(str(n)) for n in range(count)]


def question_record(key: str, choices: list[Choice], right: str) -> Record:
    return record(key, question="Which?", choices=choices, answers=[Answer(text=right)])
