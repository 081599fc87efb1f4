"""Adapters: short functions for what a mapping cannot say, named in a dataset's YAML.

An adapter is `adapt(rows, side) -> Iterator[Row | BadRow]` in a module of its own name. It may join, split or
reshape rows before the mapping; `side` holds the rows of the dataset's side tables.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from taiyi_corpus.hashing import text_hash
from taiyi_corpus.readers.row import BadRow, Row

Side = Mapping[str, Sequence[Row]]


class Adapter(Protocol):
    """Reshape the rows of one split."""

    def __call__(self, rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
        """Yield the rows that the mapping sees."""
        ...


def adapter(name: str) -> Adapter:
    """Return the adapter called `name`; its module is imported only now."""
    adapt: Adapter = importlib.import_module(f"taiyi_corpus.adapters.{name}").adapt
    return adapt


def row_by_row(name: str) -> bool:
    """Return whether an adapter makes exactly one row of each row by itself: its module says `ROW_BY_ROW = True`.

    The rows of a large file can then be adapted slice by slice.
    """
    module = importlib.import_module(f"taiyi_corpus.adapters.{name}")
    return bool(getattr(module, "ROW_BY_ROW", False))


def adapter_code(name: str) -> str:
    """Return a hash of the code of an adapter, what it shares with others included."""
    folder = Path(__file__).parent
    files = [folder / f"{name}.py", *sorted(folder.glob("_[!_]*.py"))]
    return text_hash("\x1e".join(file.read_text(encoding="utf-8") for file in files))


def adapters() -> list[str]:
    """Return the names of all adapters; a module whose name starts with "_" is what several of them share."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if not name.startswith("_"))
