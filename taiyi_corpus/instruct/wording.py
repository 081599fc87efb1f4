"""Template files, compiled: wordings and styles of each task and language.

A wording that only places slots is split once into its pieces, and filling it is a join; any other template runs in
Jinja's sandbox with undefined names as errors. Text that holds "{{" is data and never parsed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from taiyi_corpus import paths
from taiyi_corpus.instruct.template_file import TemplateFile
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

    def fill(slots: Mapping[str, str]) -> str:
        out = [literals[0]]
        for name, literal in zip(names, literals[1:], strict=True):
            out += (slots[name], literal)
        return "".join(out)

    return fill


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

    def styles_of(self, form: str) -> list[Style]:
        """Return the styles a form may be answered in, by name."""
        return [style for _, style in sorted(self.styles.items()) if form in style.forms]


@functools.cache
def task_templates(task: str, language: str, folder: Path | None = None) -> TaskTemplates:
    """Return the compiled templates of a task in a language.

    Raises:
        InputError: the file is missing or wrong.
    """
    root = folder or paths.bundled("templates")
    file = read_model(root / language / f"{task}.yaml", TemplateFile, root=root)
    styles = {
        name: Style(
            name,
            frozenset(style.forms),
            {form: compile_template(style.format_of(form)) for form in style.forms},
            dict(style.words),
        )
        for name, style in file.styles.items()
    }
    wordings = {
        form: [compile_template(text) for text in texts] for form, texts in file.wordings.items()
    }
    return TaskTemplates(wordings, styles, [system.strip("\n") for system in file.systems])
