"""Commands run in this process, on the tiny registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from taiyi_corpus.cli.app import app
from tests.tiny import Tiny, tiny

__all__ = ["Tiny", "tiny"]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def line(self, start: str) -> str:
        """The one line of stdout that starts so."""
        (line,) = [line for line in self.out.splitlines() if line.startswith(start)]
        return line

    def row(self, *start: str) -> list[str]:
        """The cells of the one line of stdout that starts with these cells."""
        rows = [line.split() for line in self.out.splitlines()]
        (row,) = [row for row in rows if row[: len(start)] == list(start)]
        return row


Run = Callable[..., Said]


@pytest.fixture
def run(tiny: Tiny) -> Run:
    """Run a command: `run("list", "--task", "ner")`."""

    def run(*args: str) -> Said:
        result = CliRunner().invoke(app, list(args))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run
