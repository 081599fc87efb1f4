"""What a task module makes of a record: candidates, and for each the question with its structured gold."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.schema.record import Record, Turn

__all__ = ["Ask", "Candidate", "Refused", "Setting", "Task", "listing"]


class Candidate(Struct, frozen=True, gc=False):
    """One way to ask one task of one record; `k` tells windows and asked types of one form apart."""

    task: str
    form: str
    k: int

    def id(self, record_id: str, repeat: int = 0) -> str:
        """Return the instance id; a repeat of the same instance appends "~2", "~3" ..."""
        base = f"{record_id}#{self.task}.{self.form}.{self.k}"
        return f"{base}~{repeat + 1}" if repeat else base


class Ask(Struct, frozen=True, kw_only=True, gc=False):
    """A question ready to be worded: slots, options in the order shown, gold in the words shown.

    `roles` names the roles of each shown relation or event type, in order. `plain` holds slots as the format of a style
    takes them, where a wording has more. `turns` are those of a dialogue but the last answer, which is the gold.
    """

    slots: dict[str, str]
    gold: Any
    options: list[str] | None = None
    roles: dict[str, list[str]] | None = None
    plain: dict[str, str] = {}
    worded: str | None = (
        None  # the form whose wordings and styles are used, if not the candidate's own
    )
    turns: list[Turn] | None = None


class Refused(Exception):
    """A candidate that cannot be asked; `reason` goes to the ledger."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Task(Protocol):
    """A task module: the columns it needs, what it can ask of a record, and the question itself."""

    COLUMNS: tuple[str, ...]

    def candidates(self, record: Record, task: str, setting: Setting) -> list[Candidate]:
        """Return the candidates of a record; none where it has no gold for the task."""

    def ask(self, record: Record, candidate: Candidate, setting: Setting) -> Ask:
        """Return the question; raises `Refused` with the reason where it cannot be asked."""


def listing(names: list[str], language: str) -> str:
    """Return names as one line, with a separator that occurs in none of them where there is one."""
    marks = ("、", "；") if language == "zh" else (", ", "; ")
    first = marks[0].strip()
    return (marks[1] if any(first in name for name in names) else marks[0]).join(names)
