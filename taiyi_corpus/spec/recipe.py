"""A recipe: which instances make a mix, how many, and how they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import DatasetSpec, TaskId
from taiyi_corpus.spec.mapping import Nonempty, Strict
from taiyi_corpus.spec.strict import read_model

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Rate = Annotated[float, Field(ge=0.0)]
Positive = Annotated[float, Field(gt=0.0)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Budget = Annotated[int, Field(ge=64)]


class Selection(Strict):
    """Which datasets and tasks a group draws from; what is left out sets no limit."""

    languages: list[Literal["en", "zh", "en-zh"]] = []  # languages of the datasets
    tasks: list[TaskId] = []  # tasks
    tags: list[str] = []  # datasets with one of these tags
    without_tags: list[str] = []  # but with none of these
    datasets: list[str] = []  # these datasets
    without_datasets: list[str] = []  # but none of these

    def takes(self, spec: DatasetSpec, task: str) -> bool:
        """Return whether the dataset's instances of a task belong here."""
        return (
            (not self.languages or spec.language in self.languages)
            and (not self.tasks or task in self.tasks)
            and (not self.tags or bool(set(self.tags) & set(spec.tags)))
            and not set(self.without_tags) & set(spec.tags)
            and (not self.datasets or spec.id in self.datasets)
            and spec.id not in self.without_datasets
        )


class Group(Strict):
    """A part of the mix with its share of the rows, or an exact number of rows."""

    name: Nonempty  # what tables call it
    select: Selection = Selection()  # what it draws from
    share: Share | None = (
        None  # of the mix; without `share` and `rows`: an even part of what is left
    )
    rows: Count | None = None  # exactly so many rows, instead of a share
    temperature: Positive = 1.0  # weight of a stratum = its size ** (1 / temperature)


class Recipe(Strict):
    """A mix. A stratum is one dataset x task; a group's rows are shared out over its strata."""

    name: Nonempty  # name of the mix, and of its folder
    about: Nonempty  # what it is, for the card
    stage: Literal[1, 2]  # 1: general and task mix; 2: biomedical-focused mix
    seed: int = 0  # of every choice
    splits: list[Split] = ["train"]  # splits drawn from; those that are benchmarks never are
    rows: Count | None = None  # rows of the whole mix; absent: all there is
    groups: list[Group]  # parts of the mix; a stratum belongs to the first that takes it
    cap: Count | None = None  # most rows a stratum may give
    caps: dict[str, Count] = {}  # dataset -> the same for its strata
    floors: dict[str, Count] = {}  # dataset -> least rows its strata give, where they have them
    max_epochs: AtLeastOne = 1  # how often an instance may be used, with `on_shortage: repeat`
    on_shortage: Literal["take_all", "repeat", "fail"] = "take_all"  # what if there is too little
    expand: dict[TaskId, dict[str, Rate]] = {}  # task -> form -> instances a record
    negatives: dict[TaskId, Share] = {}  # task -> share kept of what has nothing to find
    systems: Share = 0.0  # share of rows with a system text, for tasks that have a wording
    max_tokens: Budget = 1024  # budget of an instance; longer texts are cut into windows
    instruction_language: Literal["same", "en", "zh"] = "same"  # `same`: that of the record
    filters: list[str] = []  # names of filters that drop records
    shard_rows: AtLeastOne = 50_000  # most rows of a file

    @model_validator(mode="after")
    def _coherent(self) -> Recipe:
        shares = [group.share for group in self.groups if group.share is not None]
        if shares and sum(shares) > 1.0 + 1e-9:
            raise ValueError(f"shares that sum to 1 at most, found {sum(shares):g}")
        for dataset, floor in self.floors.items():
            if floor > self.caps.get(dataset, floor):
                raise ValueError(
                    f"a floor of {dataset} not above its cap {self.caps[dataset]}, found {floor}"
                )
        return self


def find_recipe(name: str, dirs: Sequence[Path]) -> Recipe:
    """Return the recipe of that name from `<dir>/recipes/<name>.yaml`, or the recipe file at a path.

    Raises:
        InputError: no such recipe, or its file is wrong.
    """
    if name.endswith((".yaml", ".yml")):
        return read_model(Path(name), Recipe)
    known: dict[str, Path] = {}
    for folder in dirs:
        for path in sorted((folder / "recipes").glob("*.yaml")):
            known.setdefault(path.stem, path)
    if name not in known:
        raise InputError(
            Fault(
                f"recipe {name}",
                "the name of a recipe",
                "none of that name",
                nearest(name, list(known)),
            )
        )
    return read_model(known[name], Recipe)


def check_recipe(recipe: Recipe, ids: Sequence[str]) -> None:
    """Check that every dataset a recipe names is in the registry.

    Raises:
        InputError: each unknown dataset, with the nearest known id.
    """
    named = [d for g in recipe.groups for d in (*g.select.datasets, *g.select.without_datasets)]
    unknown = sorted({*named, *recipe.caps, *recipe.floors} - set(ids))
    if unknown:
        raise InputError(
            Fault(
                f"recipe {recipe.name}", "datasets of the registry", repr(d), nearest(d, list(ids))
            )
            for d in unknown
        )
