"""What shapes the instances of one dataset: its registry entry, the recipe, and what its other records lend."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any, Literal, TypeVar

from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.language.tokens import count_tokens, estimate_by_words, estimate_tokens
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import DatasetSpec, LabelName
from taiyi_corpus.spec.recipe import LONG, Recipe

_TEXTS = 256  # texts whose tokens are remembered
V = TypeVar("V")
D = TypeVar("D")
LabelKind = Literal["entities", "relations", "events", "classes"]
_ABSENT = (
    0.25  # share of the questions on one label that ask for an absent one, unless the recipe says
)


def of_task(stated: Mapping[Any, V], task: str, default: D) -> V | D:
    """Return what a recipe states of a task: the keys of `stated` are tasks, which are strings with few values."""
    return stated.get(task, default)


class Concept(Struct, frozen=True):
    """A concept as the train records of a dataset name it."""

    key: str  # what tells it from the others, see taiyi_corpus.instruct.lexicon.concept_key
    type: str  # entity type of most of its mentions
    names: list[str]  # the preferred name first where the source has one, then by frequency


class Around(Struct, frozen=True):
    """What the other records of a dataset lend to an instance; see taiyi_corpus.instruct.around."""

    concepts: list[Concept] = []  # offered for a mention
    shots: dict[str, list[Record]] = {}  # "task.form" -> records that serve as worked examples
    pool: list[tuple[str, str]] = []  # (key of the record, answer) that negatives are drawn from


@dataclass(frozen=True)
class Setting:
    """What of a recipe shapes the instances of one dataset."""

    spec: DatasetSpec
    recipe: Recipe
    around: Around = field(default_factory=Around)

    @cached_property
    def seed(self) -> int:
        """The seed of every choice."""
        return self.recipe.seed

    def rate(self, task: str, form: str, default: float = 0.0) -> float:
        """Return how many instances of a form a record gives on average.

        The recipe's word on this dataset comes before the dataset's own, and that before the recipe's on all.
        """
        key = ("rate", task, form, default)
        rate: float | None = self.kept.get(key)
        if rate is None:
            rate = self.kept[key] = self._rate(task, form, default)
        return rate

    def _rate(self, task: str, form: str, default: float) -> float:
        stated = of_task(self.recipe.expand_of.get(self.spec.id, {}), task, None)
        own = stated or self.spec.decompose.get(task)
        for rates in (own, of_task(self.recipe.expand, task, None)):
            if rates is not None and form in rates:
                return float(rates[form])
        return 0.0 if own else default

    def times(self, task: str, form: str, record_id: str, default: float = 0.0) -> int:
        """Return how many instances of a form this record gives."""
        rate = self.rate(task, form, default)
        whole = int(rate)
        if whole == rate:
            return whole
        return whole + (hashing.unit(self.seed, f"expand.{task}.{form}", record_id) < rate - whole)

    def keeps_negative(self, task: str, record_id: str) -> bool:
        """Return whether an instance with nothing to find is asked: `negatives` of the recipe."""
        rate = of_task(self.recipe.negatives, task, 1.0)
        return rate >= 1.0 or hashing.unit(self.seed, f"negative.{task}", record_id) < rate

    def asks_absent(self, task: str, key: str) -> bool:
        """Return whether a question on one label or some asks for absent ones: `absent` of the recipe."""
        rate = of_task(self.recipe.absent, task, _ABSENT)
        return hashing.unit(self.seed, f"absent.{task}", key) < rate

    def on_long(self, task: str) -> str:
        """Return what is done with a text over the budget."""
        default = of_task(LONG, task, ("drop",))[0]
        return of_task(self.recipe.on_long, task, default)

    @cached_property
    def tokens(self) -> Callable[[str], int]:
        """How many tokens a text has; system texts, turns and texts of windows are asked for again and again."""
        counted = estimate_tokens if self.recipe.estimate == "characters" else estimate_by_words
        if (tokenizer := self.recipe.tokenizer) is not None:
            counted = partial(count_tokens, tokenizer=tokenizer)
        return lru_cache(maxsize=_TEXTS)(counted)

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

    def asked(self, kind: LabelKind, language: str) -> Mapping[str, str]:
        """Return label -> surface name of the labels that are asked for, in the order of the registry file."""
        return self._names[kind, language]

    @cached_property
    def _names(self) -> dict[tuple[str, str], dict[str, str]]:
        kinds: dict[str, Mapping[str, LabelName]] = {
            "entities": self.spec.labels.entities,
            "relations": self.spec.labels.relations,
            "events": self.spec.labels.events,
            "classes": self.spec.labels.classes,
        }
        return {
            (kind, language): {
                code: label.zh if language == "zh" else label.en
                for code, label in labels.items()
                if label.ask
            }
            for kind, labels in kinds.items()
            for language in ("en", "zh")
        }

    def once(self, record: Record, what: Hashable, make: Callable[[], V]) -> V:
        """Return what `make` gives, which is asked for it once a record while no other record is looked at."""
        of, found = self.kept.get("once", (None, {}))
        if of is not record:
            found = {}
            self.kept["once"] = (record, found)
        if what not in found:
            found[what] = make()
        made: V = found[what]
        return made

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What task modules work out once for all records of the dataset."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        # What is worked out is not sent along to other processes.
        return {"spec": self.spec, "recipe": self.recipe, "around": self.around}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
