"""What readers yield: a row as the file says it, or a row that is broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Row:
    """One raw row. `where` is "path:line" or "path#n"; `key` is the file's own key, if the format has one."""

    where: str
    key: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that does not keep the format; it goes to the ledger, and reading goes on.

    `key` is the file's own key where it could be read: it tells which split of a shared file lost the row.
    """

    where: str
    wanted: str
    found: str
    key: str | None = field(default=None, compare=False)  # what is wrong is the same without it
