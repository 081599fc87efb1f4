"""Readers, by the name a registry file uses. A reader knows a file format and no corpus."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

__all__ = ["PASSING", "READERS", "BadRow", "Reader", "Row", "options_of", "reader"]

READERS = (
    "bioc_xml",
    "bionlp",
    "blocks",
    "brat",
    "conll",
    "csv",
    "json",
    "jsonl",
    "lines",
    "parallel",
    "ppi_xml",
    "pubtator",
    "sections",
    "text",
    "token_index",
    "xlsx",
    "xml",
)


# Readers that pass over rows by their key before they parse them: their second argument says which keys are wanted.
PASSING = frozenset({"pubtator"})


class Reader(Protocol):
    """Read members of one split into rows, streaming."""

    def __call__(
        self, members: Sequence[Member], *wanted: Callable[[str], bool] | None, **options: Any
    ) -> Iterator[Row | BadRow]:
        """Yield the rows of all members, in their order."""
        ...


def reader(name: str) -> Reader:
    """Return the reader called `name`; its module is imported only now."""
    module = importlib.import_module(f"taiyi_corpus.readers.{name}")
    read: Reader = module.read
    return read


def options_of(name: str) -> tuple[str, ...]:
    """Return the option names the reader called `name` takes."""
    parameters = inspect.signature(reader(name)).parameters.values()
    return tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)
