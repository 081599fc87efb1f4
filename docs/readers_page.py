"""The page of readers and adapters, made from what their modules say of themselves."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Iterator

from taiyi_corpus.adapters import adapters
from taiyi_corpus.readers import READERS, reader

INTRO = """\
A reader knows a file format and no corpus. `reader: {format: csv, options: {header: false}}` in a
[registry file](registry-keys.md) names one with its options; `taiyi-corpus new FILE...` guesses both."""
ADAPTERS = """\
What neither a mapping nor a reader can say is a short Python function, named as `adapter` in the registry file. Most
serve one dataset; when a third one needs the same, it becomes a key of the mapping or an option of a reader."""


def readers() -> Iterator[str]:
    """Yield the parts of the page."""
    yield INTRO
    for name in READERS:
        yield f"## {name}"
        yield _about(f"taiyi_corpus.readers.{name}")
        yield _options(name)
    yield "## Adapters"
    yield ADAPTERS
    rows = [f"| `{name}` | {_first_line(name)} |" for name in adapters()]
    yield "\n".join(["| adapter | what it does |", "| --- | --- |", *rows])


def _about(module: str) -> str:
    """Return the docstring of a module; its indented lines are code in Markdown, too."""
    lines = inspect.cleandoc(importlib.import_module(module).__doc__ or "").splitlines()
    return "\n".join(
        line if line.startswith("    ") else line.replace("<", "&lt;") for line in lines
    )


def _options(name: str) -> str:
    said = _meanings(inspect.getdoc(reader(name)) or "")
    rows = [
        f"| `{one.name}` | {_default(one)} | {said.get(one.name, '')} |"
        for one in inspect.signature(reader(name)).parameters.values()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    return "\n".join(["| option | default | meaning |", "| --- | --- | --- |", *rows])


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is inspect.Parameter.empty:
        return "**required**"
    value = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


def _meanings(doc: str) -> dict[str, str]:
    """Return option -> meaning, of the lines "name: meaning" and "one, other: meaning" below Args or Options."""
    _, _, listed = doc.partition("\nOptions:\n" if "\nOptions:\n" in doc else "\nArgs:\n")
    listed = re.split(r"\n(?=\S)", listed)[0]
    found: dict[str, str] = {}
    for item in re.split(r"\n {4}(?! )", f"\n{listed}"):
        names, _, meaning = item.partition(": ")
        text = " ".join(meaning.split()).replace("|", r"\|").replace("<", "&lt;")
        found |= dict.fromkeys(names.split(", "), text)
    return found


def _first_line(name: str) -> str:
    doc = importlib.import_module(f"taiyi_corpus.adapters.{name}").__doc__ or ""
    return " ".join(doc.partition("\n\n")[0].split()).replace("|", r"\|")
