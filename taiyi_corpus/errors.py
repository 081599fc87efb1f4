"""Errors that name the place, the wish, the fact and the next step.

A `Fault` is one thing wrong in one place. Code that reads a file collects all of its faults and raises one
`InputError` with them, so that a user repairs a file once and not fault by fault.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it is, what was wanted, what was found, what to do next."""

    where: str  # "registry/en/bc5cdr.yaml:12", "train.jsonl:7", a record id
    wanted: str
    found: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: wanted {self.wanted}, found {self.found}"
        return f"{text}. {self.hint}" if self.hint else text


class TaiyiCorpusError(Exception):
    """Base of all errors this package raises on purpose."""


class InputError(TaiyiCorpusError):
    """The user's input is wrong; carries every fault found. The command line exits with code 2."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        # Exceptions cross process borders when a worker fails.
        return type(self), (self.faults,)


class SourceError(InputError):
    """A raw data file cannot be read as its format says."""


class MissingDataError(InputError):
    """A dataset asked for by name has no raw data."""


class WorkerError(TaiyiCorpusError):
    """A worker process was killed, or died of itself."""


class LedgerError(TaiyiCorpusError):
    """The ledger of a build does not add up: rows went missing without a reason."""


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a hint naming the known word closest to `word`, or the known words, or "" if there are none."""
    if close := difflib.get_close_matches(word, known, n=1, cutoff=0.6):
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(known)}." if known else ""
