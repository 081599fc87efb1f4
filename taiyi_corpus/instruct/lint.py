"""Finds what is wrong with a template file before anything is rendered from it.

Pure: reads the file and its twin in the other language, returns faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.instruct.forms import FORMS, Form
from taiyi_corpus.instruct.lint_styles import style_faults
from taiyi_corpus.instruct.linted import Linted
from taiyi_corpus.instruct.slots import slots_of
from taiyi_corpus.instruct.template_file import LANGUAGES, TemplateFile
from taiyi_corpus.spec.strict import read_model, show_path
from taiyi_corpus.spec.yamltree import Loc

FIRST_FORM = 20  # wordings of a task's first form, system texts of a bare task
OTHER_FORM = 6
SYSTEMS = 4  # system texts of the other tasks


def lint(file: Path, twin: Path | None) -> list[Fault]:
    """Return every fault of a template file; `twin` is where its twin stands (None: do not compare)."""
    try:
        template = read_model(file, TemplateFile)
    except InputError as error:
        return list(error.faults)
    faults = list(_Linter(file, template).faults())
    if twin is not None:
        faults += _beside_twin(file, template, twin)
    return faults


def lint_folder(templates: Path) -> list[Fault]:
    """Return every fault of the template files below a folder, each compared with its twin."""
    faults = []
    for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        for file in sorted((templates / language).glob("*.yaml")):
            faults += lint(file, templates / other / file.name)
    return faults


class _Linter(Linted):
    """The checks of one file."""

    def faults(self) -> Iterator[Fault]:
        task, language = self.template.task, self.template.language
        if task not in FORMS:
            yield self.fault(("task",), "a task", repr(task), nearest(task, tuple(FORMS)))
            return
        if self.file.stem != task:
            yield self.fault(("task",), "the task that the file is named after", repr(task))
        if self.file.parent.name != language:
            folder = repr(self.file.parent.name)
            yield self.fault(("language",), f"the language of the folder {folder}", repr(language))
        yield from self._wordings()
        yield from style_faults(self)
        yield from self._systems()
        yield from self._trailing()

    def _wordings(self) -> Iterator[Fault]:
        given = self.template.wordings
        for form in given:
            if form not in self.forms:
                hint = nearest(form, tuple(self.forms))
                yield self.fault(("wordings", form), "a form of the task", repr(form), hint)
            elif self.forms[form].bare:
                yield self.fault(("wordings", form), "no wording of a bare form", repr(form))
            elif like := self.forms[form].like:
                wanted = f"no wording of a form that is worded like {like}"
                yield self.fault(("wordings", form), wanted, repr(form))
        for number, (form, spec) in enumerate(self.forms.items()):
            if spec.bare or spec.like:
                continue
            texts = given.get(form, [])
            least = OTHER_FORM if number else FIRST_FORM
            if len(texts) < least:
                yield self.fault(("wordings", form), f"{least} wordings or more", str(len(texts)))
            for i, text in enumerate(texts):
                yield from self._placed(("wordings", form, i), text, spec)
        # The whole file: two forms must not be asked for in the same words either.
        items = ((("wordings", f, i), t) for f, texts in given.items() for i, t in enumerate(texts))
        yield from self._texts(items)

    def _placed(self, loc: Loc, text: str, form: Form) -> Iterator[Fault]:
        try:
            slots = slots_of(text)
        except ValueError as error:
            yield self.fault(loc, "a text that places slots only", str(error))
            return
        if text.rstrip().endswith((":", "：")):
            yield self.fault(
                loc, "a wording that ends with a sentence or a slot", "a cue to answer"
            )
        for slot in sorted(set(slots) - set(form.slots)):
            yield self.fault(
                loc, "a slot of the form", f"{{{{ {slot} }}}}", nearest(slot, form.slots)
            )
        for slot in form.slots:
            if (times := slots.count(slot)) != 1:
                yield self.fault(
                    loc, f"{{{{ {slot} }}}} once", f"{times} times" if times else "none"
                )

    def _texts(self, items: Iterable[tuple[Loc, str]]) -> Iterator[Fault]:
        """Check texts of one list: each well written, no two of them equal."""
        first: dict[str, Loc] = {}
        for loc, text in items:
            yield from self.prose(loc, text)
            same = first.setdefault(" ".join(text.split()).casefold(), loc)
            if same != loc:
                found = f"that of line {self.line(same)} again"
                yield self.fault(loc, "a text of its own", found)

    def _systems(self) -> Iterator[Fault]:
        texts = self.template.systems
        least = FIRST_FORM if all(form.bare for form in self.forms.values()) else SYSTEMS
        if len(texts) < least:
            yield self.fault(("systems",), f"{least} system texts or more", str(len(texts)))
        yield from self._texts((("systems", i), text) for i, text in enumerate(texts))
        for i, text in enumerate(texts):
            if "{{" in text:
                yield self.fault(("systems", i), "a system text without slots", "a slot")

    def _trailing(self) -> Iterator[Fault]:
        for number, line in enumerate(self.written, 1):
            if line != line.rstrip():
                yield Fault(f"{self.name}:{number}", "no blank at the end of a line", "one")


def _beside_twin(file: Path, template: TemplateFile, twin: Path) -> Iterator[Fault]:
    name = show_path(file)
    if not twin.is_file():
        yield Fault(
            name, f"a twin at {show_path(twin)}", "no such file", "Both languages have all tasks."
        )
        return
    try:
        other = read_model(twin, TemplateFile)
    except InputError:
        return  # told where the twin itself is checked
    for what, ours, theirs in (
        ("forms", set(template.wordings), set(other.wordings)),
        ("styles", _styles_of(template), _styles_of(other)),
    ):
        if missing := sorted(theirs - ours):
            found = f"no {', '.join(missing)}"
            yield Fault(name, f"the {what} of its twin {show_path(twin)}", found)


def _styles_of(template: TemplateFile) -> set[str]:
    return {f"{name} for {form}" for name, style in template.styles.items() for form in style.forms}
