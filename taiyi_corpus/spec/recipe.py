"""A recipe: which instances make a mix, how many, and how they are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.curation import Curation
from taiyi_corpus.spec.dataset import DatasetSpec, TaskId
from taiyi_corpus.spec.mapping import Nonempty, Strict
from taiyi_corpus.spec.strict import read_model

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Rate = Annotated[float, Field(ge=0.0)]
Positive = Annotated[float, Field(gt=0.0)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Budget = Annotated[int, Field(ge=64)]
AtLeastTwo = Annotated[int, Field(ge=2)]

# What may be done with a text over the budget: annotated ones are cut into windows, others made shorter.
LONG: dict[TaskId, tuple[str, ...]] = {
    **dict.fromkeys(("ner", "nen", "re", "cre", "ee", "coref"), ("window", "drop")),
    **dict.fromkeys(
        ("tc", "qa_choice", "qa_yesno", "qa_cqa", "tt_ds", "tt_ts"), ("drop", "shorten")
    ),
}


class Selection(Strict):
    """Which datasets and tasks a group draws from; what is left out sets no limit."""

    languages: list[Literal["en", "zh", "en-zh"]] = []  # languages of the datasets
    tasks: list[TaskId] = []  # tasks
    tags: list[str] = []  # datasets with one of these tags
    without_tags: list[str] = []  # but with none of these
    datasets: list[str] = []  # these datasets
    without_datasets: list[str] = []  # but none of these
    access: list[Literal["open", "registration", "dua", "dead-link"]] = []  # how the data is got
    licenses: list[str] = []  # datasets under one of these licences, by name
    redistributable: bool = False  # only what may surely be passed on
    commercial: bool = False  # only what may surely be used for money

    def takes(self, spec: DatasetSpec, task: str) -> bool:
        """Return whether the dataset's instances of a task belong here."""
        return (
            (not self.languages or spec.language in self.languages)
            and (not self.tasks or task in self.tasks)
            and (not self.tags or bool(set(self.tags) & set(spec.tags)))
            and not set(self.without_tags) & set(spec.tags)
            and (not self.datasets or spec.id in self.datasets)
            and spec.id not in self.without_datasets
            and (not self.access or spec.access in self.access)
            and (not self.licenses or spec.license.name in self.licenses)
            and (not self.redistributable or spec.license.redistributable is True)
            and (not self.commercial or spec.license.commercial is True)
        )


class Group(Strict):
    """A part of the mix: a share of the rows, an exact number of rows, or exact counts of its strata."""

    name: Nonempty  # what tables call it
    select: Selection = Selection()  # what it draws from
    share: Share | None = (
        None  # of the mix, or of the group around it; absent: an even part of the rest
    )
    rows: Count | None = None  # exactly so many rows, instead of a share
    counts: Literal["taiyi"] | dict[str, dict[TaskId, Count]] | None = (
        None  # dataset -> task -> rows, and nothing else; `taiyi`: those of the paper's release
    )
    temperature: Positive = 1.0  # weight of a stratum = its size ** (1 / temperature)
    size_cap: AtLeastOne | None = (
        None  # a larger stratum weighs as if it were of this size; it may give more all the same
    )
    weights: Literal["size", "unimax"] = (
        "size"  # `unimax`: an even part for each, as far as its epochs reach
    )
    balance: dict[Literal["en", "zh", "en-zh"], Share] = {}  # language -> share of the group
    groups: list[Group] = []  # parts of the group; what none of them takes is left out
    replay: str | None = (
        None  # a recipe whose groups are the parts of this one, or one of them: `stage1/tasks`
    )
    printed: Count | None = None  # rows the paper prints for it, shown beside the plan

    @model_validator(mode="after")
    def _one_way(self) -> Group:
        numbers = [key for key in ("share", "rows", "counts") if getattr(self, key) is not None]
        if len(numbers) > 1:
            raise ValueError(f"one number for the group {self.name}, found {' and '.join(numbers)}")
        parts = [key for key in ("counts", "balance", "groups") if getattr(self, key)]
        if self.replay and not self.groups:
            parts.append("replay")
        if len(parts) > 1:
            raise ValueError(
                f"one way to divide the group {self.name}, found {' and '.join(parts)}"
            )
        even = ["weights: unimax"] if self.weights == "unimax" else []
        if weightless := [*even, *(part for part in parts if part != "balance")]:
            for key in ("temperature", "size_cap"):
                if key in self.model_fields_set:
                    wanted = f"no {key} of {self.name} beside {weightless[0]}"
                    raise ValueError(f"{wanted}, which leaves nothing to weigh, found both")
        if sum(self.balance.values()) > 1.0 + 1e-9:
            total = sum(self.balance.values())
            raise ValueError(f"a balance of {self.name} that sums to 1 at most, found {total:g}")
        _refuse_shares_over_one(self.groups, f" of the parts of {self.name}")
        return self


class Holdout(Strict):
    """A validation mix carved out of the training data, whole documents at a time."""

    share: Share  # of the documents, by the hash of their group
    rows: Count | None = (
        None  # rows of the validation mix; absent: the same share of `rows`, else all there is
    )


def _refuse_shares_over_one(groups: list[Group], whose: str = "") -> None:
    shares = [group.share for group in groups if group.share is not None]
    if shares and sum(shares) > 1.0 + 1e-9:
        raise ValueError(f"shares{whose} that sum to 1 at most, found {sum(shares):g}")


def _by_name(of_tasks: Mapping[TaskId, int]) -> dict[str, int]:
    return {str(task): number for task, number in of_tasks.items()}


class FewShot(Strict):
    """Worked examples before the question, as turns of the conversation."""

    rate: Share  # share of the instances that have some
    k: AtLeastOne = 2  # how many, as far as they fit


def _refuse_shortening(on_long: Mapping[TaskId, str]) -> None:
    for task, what in on_long.items():
        if what not in (known := LONG.get(task, ())):
            wanted = " or ".join(known) or "nothing: the task has no long part to choose for"
            raise ValueError(f"on_long of {task}: {wanted}, found {what}")


class Recipe(Strict):
    """A mix. A stratum is one dataset x task; a group's rows are shared out over its strata."""

    name: Nonempty  # name of the mix, and of its folder
    about: Nonempty  # what it is, for the card
    stage: Literal[1, 2]  # 1: general and task mix; 2: biomedical-focused mix
    seed: int = 0  # of every choice
    splits: list[Split] = ["train"]  # splits drawn from; those that are benchmarks never are
    rows: Count | None = None  # rows of the whole mix; absent: all there is
    unit: Literal["rows", "tokens"] = (
        "rows"  # what shares are shares of; `rows` and counts are rows all the same
    )
    groups: list[Group]  # parts of the mix; a stratum belongs to the first that takes it
    cap: Count | None = None  # most rows a stratum may give
    caps: dict[str, Count] = {}  # dataset -> the same for its strata
    floors: dict[str, Count] = {}  # dataset -> least rows its strata give, where they have them
    task_caps: dict[TaskId, Count] = {}  # task -> most rows of it, over all datasets
    task_floors: dict[TaskId, Count] = {}  # task -> least rows of it, over all datasets
    max_epochs: AtLeastOne = 1  # how often an instance may be used, with `on_shortage: repeat`
    epochs: dict[str, AtLeastOne] = {}  # dataset -> the same for it
    on_shortage: Literal["take_all", "repeat", "fail"] = "take_all"  # what if there is too little
    expand: dict[TaskId, dict[str, Rate]] = {}  # task -> form -> instances a record
    expand_of: dict[
        str, dict[TaskId, dict[str, Rate]]
    ] = {}  # dataset -> the same for it, over its own `decompose`
    negatives: dict[TaskId, Share] = {}  # task -> share kept of what has nothing to find; else all
    absent: dict[
        TaskId, Share
    ] = {}  # task -> share of the questions on one label or some that ask for absent ones; else 0.25
    options: dict[
        TaskId, AtLeastTwo
    ] = {}  # task -> most labels shown; those of the answer are always among them
    label_order: Literal["shuffled", "fixed"] = "shuffled"  # `fixed`: that of the registry file
    styles: dict[TaskId, list[str]] = {}  # task -> the answer styles drawn from; else all
    offered: AtLeastTwo = 8  # concepts offered for a mention
    spellings: Literal["one", "all"] = "one"  # `all`: a relation of concepts in all its spellings
    few_shot: FewShot | None = None  # worked examples before the question
    systems: Share = 0.0  # share of rows with a system text, for tasks that have a wording
    max_tokens: Budget = 1024  # budget of an instance; longer texts are cut into windows
    on_long: dict[
        TaskId, Literal["window", "drop", "shorten"]
    ] = {}  # task -> what is done with a text over the budget; else `window` where that can be, or `drop`
    tokenizer: str | None = (
        None  # a tokenizer.json, or its folder, that counts tokens; else estimated
    )
    estimate: Literal["characters", "words"] = (
        "characters"  # how tokens are estimated; `words`: Chinese by the words of jieba
    )
    sentences: Literal["pysbd", "punctuation", "scispacy"] = (
        "pysbd"  # what bounds English sentences
    )
    abbreviations: Literal["scispacy"] | None = (
        None  # `scispacy`: abbreviations are looked for in English texts
    )
    instruction_language: Literal["same", "en", "zh"] = "same"  # `same`: that of the record
    curate: Curation = Curation()  # what curating does to the records, see docs/curation.md
    holdout: Holdout | None = None  # a validation mix carved out of `train`
    shard_rows: AtLeastOne = 50_000  # most rows of a file
    printed: Count | None = None  # rows of the mix as the paper prints them, shown beside the plan

    def tasks_of(self, spec: DatasetSpec) -> list[TaskId]:
        """Return what a dataset is asked for: its tasks, and the abbreviations in its texts on request."""
        annotated = spec.language == "en" and not {"ner", "re", "ee", "coref"}.isdisjoint(
            spec.tasks
        )
        if self.abbreviations is None or not annotated or "abbreviation" in spec.tasks:
            return list(spec.tasks)
        return [*spec.tasks, "abbreviation"]

    @model_validator(mode="after")
    def _coherent(self) -> Recipe:
        _refuse_shares_over_one(self.groups)
        _refuse_shortening(self.on_long)
        limits: tuple[tuple[str, Mapping[str, int], Mapping[str, int]], ...] = (
            ("", self.floors, self.caps),
            ("task ", _by_name(self.task_floors), _by_name(self.task_caps)),
        )
        for what, floors, caps in limits:
            for name, floor in floors.items():
                if floor > (cap := caps.get(name, floor)):
                    raise ValueError(
                        f"a floor of {what}{name} not above its cap {cap}, found {floor}"
                    )
        return self


def find_recipe(name: str, dirs: Sequence[Path]) -> Recipe:
    """Return the recipe of that name from `<dir>/recipes/<name>.yaml`, or the recipe file at a path.

    A group that replays another recipe has that recipe's groups as its parts.

    Raises:
        InputError: no such recipe, or its file is wrong.
    """
    recipe = _read(name, dirs, f"recipe {name}")
    groups = [_replayed(group, recipe.name, dirs) for group in recipe.groups]
    return recipe.model_copy(update={"groups": groups})


def _read(name: str, dirs: Sequence[Path], where: str) -> Recipe:
    if name.endswith((".yaml", ".yml")):
        return read_model(Path(name), Recipe)
    known: dict[str, Path] = {}
    for folder in dirs:
        for path in sorted((folder / "recipes").glob("*.yaml")):
            known.setdefault(path.stem, path)
    if name not in known:
        hint = nearest(name, list(known))
        raise InputError(Fault(where, "the name of a recipe", f"none called {name!r}", hint))
    return read_model(known[name], Recipe)


def _replayed(group: Group, recipe: str, dirs: Sequence[Path]) -> Group:
    if group.replay is None:
        parts = [_replayed(part, recipe, dirs) for part in group.groups]
        return group.model_copy(update={"groups": parts})
    where = f"recipe {recipe}, group {group.name}"
    name, _, only = group.replay.partition("/")
    parts = _read(name, dirs, where).groups
    if only:
        names = [part.name for part in parts]
        if only not in names:
            hint = nearest(only, names)
            raise InputError(Fault(where, f"a group of recipe {name}", repr(only), hint))
        # Alone, it has all of the group: its share was of the other recipe.
        parts = [p.model_copy(update={"share": None}) for p in parts if p.name == only]
    if any(part.replay for part in parts):
        raise InputError(Fault(where, "the replay of groups that replay none", group.replay))
    return group.model_copy(update={"groups": parts})
