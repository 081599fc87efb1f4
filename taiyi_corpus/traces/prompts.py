"""The prompts of the roles, from `templates/<language>/traces/`: read, checked, filled.

Text that goes into a slot is data: what looks like a slot in it stays as it is.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from pydantic import Field

from taiyi_corpus import hashing, paths
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.instruct.prose import slips
from taiyi_corpus.instruct.slots import slots_of
from taiyi_corpus.instruct.template_file import LANGUAGES, Language
from taiyi_corpus.instruct.wording import Fill, compile_template
from taiyi_corpus.spec.mapping import Nonempty, Strict
from taiyi_corpus.spec.strict import read_model, show_path

TASKS = ("ner", "re", "cre", "ee", "tc", "qa_choice", "qa_yesno")
CRITERIA = ("format", "medical", "faithful", "consistent", "natural", "useful")
FAULTS = (
    "empty", "refused", "cut", "loops", "language", "tags", "sections", "bullets", "length", "unparsable",
    "differs", "leak", "quote", "review",
)  # fmt: skip
_ASKED = ("task", "labels", "text", "context")
_SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "analyst": {
        "context": ("context",),
        "prompt": (*_ASKED, "gold", "sections", "feedback"),
        "feedback": ("verdicts",),
        "verdict": ("number", "comment"),
        "scores": ("scores",),
    },
    "reviewer": {"prompt": (*_ASKED, "gold", "output", "criteria", "form")},
    "student": {
        "system": ("task", "labels"),
        "prompt": ("sections", "form", "text", "context"),
        "system_plain": (),
        "prompt_plain": (*_ASKED, "form"),
        "none": ("nothing",),
    },
    "gate": {},
}
Role = Literal["analyst", "reviewer", "student", "gate"]


class Analyst(Strict):
    """The role that writes a trace."""

    language: Language
    version: int
    sections: list[Nonempty] = Field(min_length=4, max_length=4)
    tasks: dict[str, Nonempty]
    context: Nonempty
    prompt: Nonempty
    feedback: Nonempty
    verdict: Nonempty
    scores: Nonempty
    faults: dict[str, Nonempty]


class Reviewer(Strict):
    """The role that judges a trace."""

    language: Language
    version: int
    criteria: dict[str, Nonempty]
    prompt: Nonempty
    comment: Nonempty


class Student(Strict):
    """What a model in training is asked."""

    language: Language
    version: int
    system: Nonempty
    prompt: Nonempty
    system_plain: Nonempty
    prompt_plain: Nonempty
    none: Nonempty
    forms: dict[str, Nonempty]


class Gate(Strict):
    """What the check by code looks for."""

    language: Language
    version: int
    unit: Literal["words", "characters"]
    shortest: int
    longest: int
    leaks: list[Nonempty]
    refusals: list[Nonempty]


class Prompts(Strict):
    """All of one language, and a hash of it for the keys of the cache."""

    analyst: Analyst
    reviewer: Reviewer
    student: Student
    gate: Gate
    hash: str


_MODELS: dict[Role, type[Strict]] = {
    "analyst": Analyst,
    "reviewer": Reviewer,
    "student": Student,
    "gate": Gate,
}


@functools.cache
def prompts(language: str, folder: Path | None = None) -> Prompts:
    """Return the prompts of a language.

    Raises:
        InputError: a file is missing or wrong.
    """
    root = folder or paths.bundled("templates")
    place = root / language / "traces"
    read = {
        role: read_model(place / f"{role}.yaml", model, root=root)
        for role, model in _MODELS.items()
    }
    text = "\0".join(model.model_dump_json() for model in read.values())
    return Prompts.model_validate({**read, "hash": hashing.text_hash(text)})


@functools.cache
def _filler(template: str) -> Fill:
    return compile_template(template)


def fill(template: str, **slots: str) -> str:
    """Return a template with its slots filled, blank lines of empty slots left out."""
    text = _filler(template)(slots)
    if all(slots.values()):
        return text.strip()
    while "\n\n\n" in (text := text.strip()) and not any(
        "\n\n\n" in value for value in slots.values()
    ):
        text = text.replace("\n\n\n", "\n\n")
    return text


def lint(templates: Path) -> list[Fault]:
    """Return every fault of the prompts below a folder: keys, slots, prose, and what one language lacks."""
    faults: list[Fault] = []
    for language in LANGUAGES:
        for role, model in _MODELS.items():
            path = templates / language / "traces" / f"{role}.yaml"
            try:
                read = read_model(path, model)
            except InputError as error:
                faults += error.faults
                continue
            faults += _faults(show_path(path), role, language, read)
    return faults


def _faults(name: str, role: Role, language: str, read: Strict) -> list[Fault]:
    faults = []
    if (stated := getattr(read, "language", "")) != language:
        faults.append(Fault(name, f"the language of the folder {language!r}", repr(stated)))
    for key, wanted in _SLOTS[role].items():
        text = getattr(read, key)
        try:
            placed = slots_of(text)
        except ValueError as error:
            faults.append(Fault(name, f"{key} that places slots only", str(error)))
            continue
        if sorted(placed) != sorted(wanted):
            found = ", ".join(sorted(placed)) or "none"
            faults.append(
                Fault(
                    name,
                    f"in {key} the slots {', '.join(sorted(wanted)) or 'none'}, each once",
                    found,
                )
            )
        faults += [
            Fault(name, f"{key}: {slip.wanted}", slip.found) for slip in slips(text, language)
        ]
    for key, names in (
        ("tasks", TASKS),
        ("forms", TASKS),
        ("criteria", CRITERIA),
        ("faults", FAULTS),
    ):
        given = getattr(read, key, None)
        if given is not None and set(given) != set(names):
            differ = ", ".join(sorted(set(given) ^ set(names)))
            faults.append(Fault(name, f"{key} for {', '.join(names)}", f"more or less: {differ}"))
    return faults
