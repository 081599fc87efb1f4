"""The commands under one name, and what becomes of errors: exit codes 1, 2, 3 and 130."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from taiyi_corpus.cli import (
    build,
    cache,
    check,
    diff,
    export,
    fetch,
    leak,
    listing,
    new,
    overlap,
    plan,
    preview,
    push,
    score,
    show,
    templates,
    traces,
    why,
)
from taiyi_corpus.cli.voice import say_error, say_faults
from taiyi_corpus.errors import InputError, LedgerError, WorkerError
from taiyi_corpus.version import VERSION

FAILED, BAD_INPUT, BAD_BOOKS, INTERRUPTED = 1, 2, 3, 130


class Commands(TyperGroup):
    """The commands in the order of a day's work; errors of the library end in words and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order they were added."""
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            say_faults(error.faults)
            raise typer.Exit(BAD_INPUT) from None
        except LedgerError as error:
            say_error(f"the books of this build do not add up, nothing was written: {error}")
            raise typer.Exit(BAD_BOOKS) from None
        except WorkerError as error:
            say_error(str(error))
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            say_error("interrupted; what was finished is kept, and the next run goes on from there")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"taiyi-corpus {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """English and Chinese biomedical text-mining datasets, turned into an instruction corpus.

    Exit codes: 0 all is well, 1 a check failed, 2 bad input, 3 the books of a build do not add up, 130 interrupted.

    \b
    Start with:
      taiyi-corpus list
      taiyi-corpus build --stage 1
    """


def paragraphs(function: Callable[..., None]) -> str:
    """Return the docstring of a command, a line a paragraph: help is wrapped to the terminal's width."""
    parts = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return "\n\n".join(part if part.startswith("\b") else " ".join(part.split()) for part in parts)


def _add(group: typer.Typer, commands: dict[str, Callable[..., None]]) -> None:
    for name, function in commands.items():
        group.command(name, help=paragraphs(function))(function)


_add(
    app,
    {
        "list": listing.list_,
        "show": show.show,
        "status": listing.status,
        "fetch": fetch.fetch,
        "place": fetch.place,
        "lock": fetch.lock,
        "check": check.check,
        "preview": preview.preview,
        "new": new.new,
        "plan": plan.plan,
        "build": build.build,
        "export": export.export,
        "report": export.report,
        "score": score.score,
        "traces": traces.traces,
        "push": push.push,
        "diff": diff.diff,
        "why": why.why,
        "leak": leak.leak,
        "overlap": overlap.overlap,
    },
)
_templates = typer.Typer(
    no_args_is_help=True, help="List, lint and preview the instruction templates."
)
_add(
    _templates,
    {"list": templates.list_, "lint": templates.lint, "preview": templates.preview},
)
app.add_typer(_templates, name="templates")
_cache = typer.Typer(
    no_args_is_help=True, help="What is kept of earlier builds: list it, clear it."
)
_add(_cache, {"ls": cache.ls, "gc": cache.gc})
app.add_typer(_cache, name="cache")
