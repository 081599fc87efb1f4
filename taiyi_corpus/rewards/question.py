"""How an answer was asked for: all that is needed to read it back, without the record it came from.

A row of a build says everything but the roles of its relations and which of them have no direction; these come from the
registry or, where that has no such dataset, from the gold.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.tasks.roles import named_role, role_names
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import DatasetSpec, LabelName
from taiyi_corpus.spec.recipe import Group, Recipe


class Question(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Kind and style of an answer, the words of the style, and what was offered."""

    kind: str
    style: str
    words: dict[str, str] = {}
    options: list[str] | None = None
    roles: dict[str, list[str]] | None = None
    symmetric: list[str] = []  # relations whose arguments have no order
    none: str | None = None  # the relation that says that there is none

    def parse(self, text: str) -> Any:
        """Return the gold that a text states; raise `answers.Unparsable` if it states none."""
        return answers.parse(
            self.kind, self.style, text, self.words, self.options, roles=self.roles
        )

    def render(self, gold: Any) -> str:
        """Return a gold as text."""
        return answers.render(
            self.kind, self.style, gold, self.words, self.options, roles=self.roles
        )


def question_of(row: Mapping[str, Any], spec: DatasetSpec | None = None) -> Question:
    """Return how a row of a build was asked.

    Raises:
        ValueError: the row names a task, template or style that does not exist.
    """
    task, style, language = (
        _text(row, "task"),
        _text(row, "style"),
        _text(row, "instruction_language"),
    )
    if task not in answers.KINDS:
        raise ValueError(f"no task {task!r}")
    styles = task_templates(task, language).styles
    if style not in styles:
        raise ValueError(f"no answer style {style!r} of {task}")
    options = row.get("options")
    offered = None if options is None else [str(option) for option in options]
    roles, symmetric = None, []
    if answers.KINDS[task] in ("tuples", "events") and offered is not None:
        known = _known(spec, task, language) if spec is not None else {}
        seen = _seen(row)
        roles = {name: known.get(name, (seen.get(name, []), False))[0] for name in offered}
        roles = {name: found for name, found in roles.items() if found}
        symmetric = [name for name in offered if known.get(name, ([], False))[1]]
    return Question(kind=answers.KINDS[task], style=style, words=styles[style].words, options=offered,
                    roles=roles, symmetric=symmetric)  # fmt: skip


def gold_of(row: Mapping[str, Any]) -> Any:
    """Return the structured gold of a row."""
    return json.loads(row["gold"])


@functools.lru_cache(maxsize=4096)
def read_question(text: str) -> Question:
    """Return a question written as JSON.

    Raises:
        ValueError: it is none.
    """
    return msgspec.json.decode(text, type=Question)


def written(question: Question) -> str:
    """Return a question as JSON."""
    return msgspec.json.encode(question).decode()


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise ValueError(f"no {name}")
    return value


def _known(spec: DatasetSpec, task: str, language: str) -> dict[str, tuple[list[str], bool]]:
    """Return surface name -> its roles and whether they have no order, as the registry has them."""
    chinese = language == "zh"
    recipe = _recipe("zh" if chinese else "en")
    setting, record = Setting(spec, recipe), _NOBODY
    if task == "ee":
        return {
            _called(event, chinese): (
                [named_role(role, setting, record) for role in event.roles],
                False,
            )
            for event in spec.labels.events.values()
        }
    return {
        _called(relation, chinese): (
            list(role_names(code, setting, record).values()),
            relation.symmetric,
        )
        for code, relation in spec.labels.relations.items()
    }


def _called(label: LabelName, chinese: bool) -> str:
    return label.zh if chinese else label.en


@functools.cache
def _recipe(language: str) -> Recipe:
    named = {
        "name": "read",
        "about": "reading answers",
        "stage": 1,
        "instruction_language": language,
    }
    return Recipe.model_validate({**named, "groups": [Group(name="all")]})


# The language of the instruction is fixed, so that no record is looked at.
_NOBODY = Record(id="", dataset="", split="test", language="en", origin="raw", license="")


def _seen(row: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in gold_of(row):
        roles = [role for role, _ in item["args"]]
        if len(set(roles)) == 1:
            roles = roles[:1]
        if len(roles) > len(found.get(item["type"], [])):
            found[item["type"]] = roles
    return found
