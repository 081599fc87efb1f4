"""Look at templates: what each file has, and one wording on one record, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError, MissingDataError, nearest
from taiyi_corpus.instruct.ask import Refused
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.instruct.template_file import LANGUAGES
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.review.asking import setting_of
from taiyi_corpus.review.check import ALL_FORMS
from taiyi_corpus.review.open import find_either
from taiyi_corpus.review.preview import candidates
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.registry import Registry


class Templates(Struct, frozen=True):
    """What one task has in one language."""

    task: str
    language: str
    wordings: dict[str, int]  # form -> wordings
    systems: int
    styles: list[str]


def inventory() -> Iterator[Templates]:
    """Yield what each task has in each language."""
    for task in FORMS:
        for language in LANGUAGES:
            made = task_templates(task, language)
            wordings = {form: len(texts) for form, texts in made.wordings.items()}
            yield Templates(task, language, wordings, len(made.systems), sorted(made.styles))


def in_both_languages(registry: Registry, task: str, data: Path, *, dataset: str | None = None,
                      form: str | None = None, wording: int | None = None, style: str | None = None
                      ) -> list[Instance]:  # fmt: skip
    """Return the same question in English and in Chinese, asked of the first record that has it.

    Without `dataset` it is the first one, by id, that has the task and a record at hand, raw or sample.

    Raises:
        InputError: no such task, dataset, form, wording or style, or no record to ask.
    """
    _refuse_names(task, form, wording, style)
    if dataset is not None and task not in registry[dataset].tasks:
        tasks = registry[dataset].tasks
        raise InputError(Fault("TASK", f"a task of {dataset}", repr(task), nearest(task, tasks)))
    ids = [id_ for id_ in registry if task in registry[id_].tasks] if dataset is None else [dataset]
    for id_ in ids:
        try:
            located, origin = find_either(registry, id_, data)
        except MissingDataError:
            if dataset is not None:
                raise
            continue
        for instances in _asked(located, origin, task, form, wording, style):
            return instances
    raise InputError(
        Fault("TASK", f"a record to ask {task}{f' ({form})' if form else ''} of", "none")
    )


def _asked(located: Located, origin: Origin, task: str, form: str | None, wording: int | None,
           style: str | None) -> Iterator[list[Instance]]:  # fmt: skip
    settings = [
        setting_of(located, origin, ALL_FORMS.model_copy(update={"instruction_language": language}))
        for language in LANGUAGES
    ]
    for split in located.splits:
        for record in read_split(located, split, origin):
            if not isinstance(record, Record):
                continue
            for candidate in candidates(record, [task], form, settings[0]):
                try:
                    yield [
                        render(record, candidate, s, wording=wording, style=style) for s in settings
                    ]
                except Refused:
                    continue


def _refuse_names(task: str, form: str | None, wording: int | None, style: str | None) -> None:
    if task not in FORMS:
        raise InputError(Fault("TASK", "a task", repr(task), nearest(task, list(FORMS))))
    if form is not None and form not in FORMS[task]:
        raise InputError(
            Fault("--form", f"a form of {task}", repr(form), nearest(form, list(FORMS[task])))
        )
    made = task_templates(task, LANGUAGES[0])
    if style is not None and style not in made.styles:
        raise InputError(
            Fault(
                "--style",
                f"an answer style of {task}",
                repr(style),
                nearest(style, list(made.styles)),
            )
        )
    counts = [
        len(found.systems if FORMS[task][name].bare else found.wordings[name])
        for name in ([form] if form else FORMS[task])
        for found in (task_templates(task, language) for language in LANGUAGES)
    ]
    if wording is not None and not 0 <= wording < min(counts):
        raise InputError(Fault("--wording", f"a number from 0 to {min(counts) - 1}", str(wording)))
