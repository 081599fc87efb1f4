"""The page of the commands, from the commands themselves: what `--help` says, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from taiyi_corpus.cli.app import app

NAME = "taiyi-corpus"
INTRO = """\
Results go to stdout, everything else to stderr. Colour is for terminals, and `NO_COLOR` switches it off; tables that do
not go to a terminal are not cut. Every command takes `--help`."""


def commands() -> Iterator[str]:
    """Yield the parts of the page."""
    root = typer.main.get_command(app)
    yield _prose(root.help)
    yield INTRO
    for path, command in _leaves(root, ()):
        yield f"## {' '.join(path)}"
        yield f"```\n{_usage(path, command)}\n```"
        yield _prose(command.help)
        if table := _table(command):
            yield table


def _leaves(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*path, name))
        else:
            yield (*path, name), command


def _usage(path: tuple[str, ...], command: Any) -> str:
    words = [_metavar(p) for p in command.params if p.param_type_name == "argument"]
    return " ".join([NAME, *path, "[OPTIONS]", *words])


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _prose(text: str) -> str:
    """Return help as Markdown: what stands after a \\b keeps its lines."""
    parts = []
    for part in text.split("\n\n"):
        if part.startswith("\b"):
            title, *lines = part.removeprefix("\b\n").splitlines()
            body = "\n".join(line.strip() for line in lines)
            parts.append(f"{title}\n\n```sh\n{body}\n```")
        else:
            parts.append(" ".join(part.split()))
    return "\n\n".join(parts)


def _table(command: Any) -> str:
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            name = f"`{_metavar(parameter)}`"
        else:
            flag = getattr(parameter, "is_flag", False)
            names = [*parameter.opts, *parameter.secondary_opts]
            name = ", ".join(f"`{o}`" if flag else f"`{o} {_metavar(parameter)}`" for o in names)
        meaning = re.sub(r"<(\w+)>", r"`<\1>`", parameter.help or "").replace("|", r"\|")
        if parameter.envvar:
            meaning += f" Environment: `{parameter.envvar}`."
        rows.append(f"| {name} | {meaning} |")
    return "\n".join(["| option | meaning |", "| --- | --- |", *rows]) if rows else ""
