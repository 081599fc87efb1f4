"""What a task module makes of a record: candidates, and for each the question with its structured gold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.schema.record import Record, Turn
from taiyi_corpus.spec.dataset import DatasetSpec, LabelName
from taiyi_corpus.spec.recipe import Recipe


class Candidate(Struct, frozen=True, gc=False):
    """One way to ask one task of one record; `k` tells windows and asked types of one form apart."""

    task: str
    form: str
    k: int

    def id(self, record_id: str, repeat: int = 0) -> str:
        """Return the instance id; a repeat of the same instance appends "~2", "~3" ..."""
        base = f"{record_id}#{self.task}.{self.form}.{self.k}"
        return f"{base}~{repeat + 1}" if repeat else base


class Ask(Struct, frozen=True, kw_only=True):
    """A question ready to be worded: slots, options in the order shown, gold in the words shown.

    `roles` names the roles of each shown relation or event type, in order. `plain` holds slots as the format of a style
    takes them, where a wording has more. `turns` are those of a dialogue but the last answer, which is the gold.
    """

    slots: dict[str, str]
    gold: Any
    options: list[str] | None = None
    roles: dict[str, list[str]] | None = None
    plain: dict[str, str] = {}
    turns: list[Turn] | None = None


class Refused(Exception):
    """A candidate that cannot be asked; `reason` goes to the ledger."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Setting(Struct, frozen=True):
    """What of a recipe shapes the instances of one dataset."""

    spec: DatasetSpec
    recipe: Recipe

    @property
    def seed(self) -> int:
        """Return the seed of every choice."""
        return self.recipe.seed

    def rate(self, task: str, form: str, default: float = 0.0) -> float:
        """Return how many instances of a form a record gives on average.

        The recipe's word on this dataset comes before the dataset's own, and that before the recipe's on all.
        """
        stated = self.recipe.expand_of.get(self.spec.id, {}).get(task)  # type: ignore[call-overload]
        own = stated or self.spec.decompose.get(task)
        for rates in (own, self.recipe.expand.get(task)):  # type: ignore[call-overload]
            if rates is not None and form in rates:
                return float(rates[form])
        return 0.0 if own else default

    def times(self, task: str, form: str, record_id: str, default: float = 0.0) -> int:
        """Return how many instances of a form this record gives."""
        rate = self.rate(task, form, default)
        whole = int(rate)
        return whole + (hashing.unit(self.seed, f"expand.{task}.{form}", record_id) < rate - whole)

    def keeps_negative(self, task: str, record_id: str) -> bool:
        """Return whether an instance with nothing to find is asked."""
        return hashing.unit(self.seed, f"negative.{task}", record_id) < self.negative_rate(task)

    def negative_rate(self, task: str) -> float:
        """Return the share kept of what has nothing to find."""
        return float(self.recipe.negatives.get(task, 1.0))  # type: ignore[call-overload]

    def language(self, record: Record) -> str:
        """Return the language of the instruction."""
        if self.recipe.instruction_language != "same":
            return self.recipe.instruction_language
        if record.language in ("en", "zh"):
            return record.language
        return hashing.pick(("en", "zh"), self.seed, "instruction_language", record.id)

    def name(self, label: LabelName, record: Record) -> str:
        """Return what the instruction calls a label."""
        return label.zh if self.language(record) == "zh" else label.en

    def shown(self, labels: dict[str, LabelName], record: Record, key: str) -> dict[str, str]:
        """Return label -> surface name of the labels that are asked for, in an order of this instance's own."""
        asked = [code for code, label in labels.items() if label.ask]
        return {
            code: self.name(labels[code], record)
            for code in hashing.shuffled(asked, self.seed, "labels", key)
        }


def drawn_label(
    present: Iterable[str], absent: Iterable[str], k: int, setting: Setting, task: str, key: str
) -> str:
    """Return the label that the k-th of the instances with one label asks for; none is asked twice under one key.

    An absent one is drawn at half the rate of `negatives` while a present one is left, and kept at that rate after.

    Raises:
        Refused: all labels are used up, or there is nothing to find and the instance is not kept.
    """
    there = hashing.shuffled(sorted(present), setting.seed, f"{task}.present", key)
    missing = hashing.shuffled(sorted(absent), setting.seed, f"{task}.absent", key)
    for number in range(k + 1):
        draw = f"{key}.{number}"
        rate = 0.5 * setting.negative_rate(task)
        negative = bool(missing) and hashing.unit(setting.seed, f"{task}.label", draw) < rate
        forced = not there
        if forced and not missing:
            raise Refused("labels_used_up", "every label is asked for already")
        label = missing.pop() if negative or forced else there.pop()
    if forced and not setting.keeps_negative(task, draw):
        raise Refused("negative_not_kept", "nothing to find")
    return label


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


def within(setting: Setting, texts: list[str | None], answer: str) -> None:
    """Check that question and answer fit the budget together.

    Raises:
        Refused: they do not.
    """
    from taiyi_corpus.language.tokens import estimate_tokens

    tokens = sum(estimate_tokens(text) for text in (*texts, answer) if text)
    if tokens > setting.recipe.max_tokens:
        raise Refused("over_budget", f"about {tokens} tokens, {setting.recipe.max_tokens} at most")
