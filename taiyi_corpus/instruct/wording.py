"""Template files, compiled: wordings and styles of each task and language.

A wording that only places slots is split once into its pieces, and filling it is a join; any other template runs in
Jinja's sandbox with undefined names as errors. Text that holds "{{" is data and never parsed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from operator import itemgetter
from pathlib import Path

from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from taiyi_corpus import paths
from taiyi_corpus.instruct.ask import Ask
from taiyi_corpus.instruct.forms import FORMS, Form
from taiyi_corpus.instruct.template_file import StyleSpec, TemplateFile
from taiyi_corpus.spec.strict import read_model

Fill = Callable[[Mapping[str, str]], str]

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
)


def compile_template(source: str) -> Fill:
    """Return a function that fills a template; raises KeyError or UndefinedError for a slot that is missing."""
    source = source.strip("\n")
    pieces = _pieces(source)
    if pieces is None:
        template = _ENVIRONMENT.from_string(source)
        return lambda slots: template.render(slots)
    literals, names = pieces
    if not names:
        return lambda slots: literals[0]
    pattern = "%s".join(literal.replace("%", "%%") for literal in literals)
    values = itemgetter(*names)
    if len(names) == 1:
        return lambda slots: pattern % (values(slots),)
    # One call each into C: what is filled in is never looked at.
    return lambda slots: pattern % values(slots)


def filled(ask: Ask, wording: Fill, format_: Fill) -> str:
    """Return a question in a wording, with the format that a style asks for."""
    slots = ask.slots
    return wording({**slots, "format": format_({**slots, **ask.plain} if ask.plain else slots)})


def _pieces(source: str) -> tuple[list[str], list[str]] | None:
    """Return literals and slot names of a slot-only template: a literal, a slot, a literal ..."""
    literals, names = [""], []
    for node in _ENVIRONMENT.parse(source).body:
        if not isinstance(node, nodes.Output):
            return None
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                literals[-1] += part.data
            elif isinstance(part, nodes.Name):
                names.append(part.name)
                literals.append("")
            else:
                return None
    return literals, names


class Style(Struct, frozen=True):
    """One answer style: the format it asks for, and the words it renders with."""

    name: str
    forms: frozenset[str]
    format: dict[str, Fill]  # by form
    words: dict[str, str]


class TaskTemplates(Struct, frozen=True):
    """What one task has in one language."""

    wordings: dict[str, list[Fill]]  # by form
    styles: dict[str, Style]
    systems: list[str]
    by_form: dict[str, list[Style]]

    def styles_of(self, form: str) -> list[Style]:
        """Return the styles a form may be answered in, by name."""
        return self.by_form[form]


@functools.cache
def task_templates(task: str, language: str, folder: Path | None = None) -> TaskTemplates:
    """Return the compiled templates of a task in a language.

    Raises:
        InputError: the file is missing or wrong.
    """
    root = folder or paths.bundled("templates")
    file = read_model(root / language / f"{task}.yaml", TemplateFile, root=root)
    forms = FORMS[task]
    styles = {name: _style(name, style, forms) for name, style in sorted(file.styles.items())}
    wordings = {
        form: [compile_template(text) for text in texts] for form, texts in file.wordings.items()
    }
    wordings |= {form: wordings[made.like] for form, made in forms.items() if made.like}
    systems = [system.strip("\n") for system in file.systems]
    by_form = {form: [s for s in styles.values() if form in s.forms] for form in forms}
    return TaskTemplates(wordings, styles, systems, by_form)


def _style(name: str, style: StyleSpec, forms: Mapping[str, Form]) -> Style:
    formats = {form: compile_template(style.format_of(form).strip()) for form in style.forms}
    formats |= {form: formats[made.like] for form, made in forms.items() if made.like in formats}
    return Style(name, frozenset(formats), formats, dict(style.words))
