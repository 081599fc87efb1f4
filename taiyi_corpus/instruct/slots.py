"""The slots that a text of a template places: `{{ text }}` and nothing else of what Jinja can do."""

from __future__ import annotations

from functools import cache

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def slots_of(text: str) -> list[str]:
    """Return the slots of `text` in the order they are placed, repeats kept.

    Raises ValueError, with the reason, for a text that does more than place slots: a filter, a test, control flow, a
    comment, a broken tag.
    """
    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        raise ValueError(error.message or "a broken tag") from error
    placed: list[str] = []
    for part in tree.body:
        if not isinstance(part, nodes.Output):
            raise ValueError(f"a {type(part).__name__.lower()} block")
        for node in part.nodes:
            if isinstance(node, nodes.Name):
                placed.append(node.name)
            elif not isinstance(node, nodes.TemplateData):
                raise ValueError(f"a {type(node).__name__.lower()} expression")
    # What Jinja will ask for is what was found: a name it knows itself (`range`) is no slot.
    known = set(placed) - meta.find_undeclared_variables(tree)
    if known:
        raise ValueError(f"the name {sorted(known)[0]!r}, which Jinja itself defines")
    if "{#" in text:
        raise ValueError("a comment")
    return placed
