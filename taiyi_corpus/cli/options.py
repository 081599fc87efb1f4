"""Options that several commands share, and the few checks of their values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taiyi_corpus import paths
from taiyi_corpus.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from taiyi_corpus.spec.recipe import Recipe
    from taiyi_corpus.spec.registry import Registry

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar=paths.DATA,
        parser=paths.data_option,
        help="Folder of raw data, a folder a dataset below it, or its address; else `data` in the cache.",
    ),
]
RegistryDirs = Annotated[
    list[Path] | None,
    typer.Option(
        "--registry",
        metavar="DIR",
        help="Folder of your own registry files; repeatable. TAIYI_CORPUS_REGISTRY names more.",
    ),
]
Samples = Annotated[
    bool, typer.Option("--samples", help="Take the bundled samples instead of raw data.")
]
StageNumber = Annotated[
    int | None,
    typer.Option(
        "--stage", metavar="N", help="1: general and task mix; 2: biomedical-focused mix."
    ),
]
RecipeName = Annotated[
    str | None, typer.Option("--recipe", metavar="NAME", help="Name of a recipe, or its file.")
]
Named = Annotated[
    list[str] | None,
    typer.Option("--dataset", metavar="ID", help="Draw from this dataset only; repeatable."),
]
Strict = Annotated[bool, typer.Option("--strict", help="A partial or absent dataset is an error.")]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Seed of every choice; else the recipe's.")
]
Allow = Annotated[
    str | None,
    typer.Option(
        "--allow",
        metavar="POLICY",
        help="Licences: any, research, commercial or redistributable; else the recipe's.",
    ),
]
Protected = Annotated[
    list[str] | None,
    typer.Option(
        "--protect",
        metavar="ID|FILE",
        help="Keep these texts out too: a dataset's test set, dataset/split, or a file; repeatable.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        metavar="N",
        min=0,
        help="Processes; 0: one a processor, for all but little data.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine", metavar="NAME", help="local: processes of this machine; ray: Ray tasks."
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        "--ray-address", metavar="ADDRESS", help="Of a Ray cluster; else Ray starts here."
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="LANG", help="Only en, zh or en-zh (parallel)."),
]
Task = Annotated[str | None, typer.Option("--task", metavar="TASK", help="Only this task.")]
DatasetId = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a dataset.", show_default=False)
]


def registry_of(dirs: Sequence[Path] | None, ids: Sequence[str] | None = None) -> Registry:
    """Return the datasets of the bundled registry and of `dirs`, or only some of them."""
    from taiyi_corpus.spec.registry import load_registry

    return load_registry(paths.registry_dirs(dirs or ()), ids or None)


def recipe_of(stage: int | None, recipe: str | None, dirs: Sequence[Path] | None) -> Recipe:
    """Return the recipe that `--stage` and `--recipe` name together."""
    from taiyi_corpus.spec.recipe import find_recipe

    if recipe is not None and recipe.endswith((".yaml", ".yml")):
        if stage is not None:
            raise InputError(Fault("--stage", "no stage beside a recipe file", str(stage)))
        return find_recipe(recipe, paths.registry_dirs(dirs or ()))
    if stage is not None and stage not in (1, 2):
        raise InputError(Fault("--stage", "1 or 2", str(stage)))
    if stage is None and recipe is None:
        hint = "`--stage 1` is the usual start."
        raise InputError(Fault("--stage or --recipe", "one of them", "neither", hint))
    name = (
        f"stage{stage}" if recipe is None else recipe if stage is None else f"{recipe}-stage{stage}"
    )
    return find_recipe(name, paths.registry_dirs(dirs or ()))


def curated(recipe: Recipe, allow: str | None, protect: Sequence[str] | None) -> Recipe:
    """Return a recipe with what `--allow` and `--protect` say of its curating."""
    from typing import get_args

    from taiyi_corpus.spec.curation import Allow as Policies

    curate = recipe.curate
    if one_of("--allow", allow, get_args(Policies)) is not None:
        curate = curate.model_copy(update={"allow": allow})
    if protect:
        also = [*curate.protect.also, *protect]
        curate = curate.model_copy(
            update={"protect": curate.protect.model_copy(update={"also": also})}
        )
    return recipe.model_copy(update={"curate": curate})


def one_of(option: str, value: str | None, known: Sequence[str]) -> str | None:
    """Return a value that is one of the known ones, or None where none was given."""
    if value is not None and value not in known:
        raise InputError(
            Fault(option, f"one of {', '.join(known)}", repr(value), _close(value, known))
        )
    return value


def check_kind(language: str | None, task: str | None) -> None:
    """Refuse a --language or --task that no dataset can have."""
    from taiyi_corpus.spec.dataset import TASKS

    one_of("--language", language, ("en", "zh", "en-zh"))
    one_of("--task", task, TASKS)


def of_kind(known: Registry, language: str | None, task: str | None) -> list[str]:
    """Return the ids of the datasets of a language and a task; None is any."""
    return [
        id_
        for id_, spec in known.items()
        if language in (None, spec.language) and (task is None or task in spec.tasks)
    ]


def _close(value: str, known: Sequence[str]) -> str:
    hint = nearest(value, known)
    return hint if hint.startswith("Did") else ""
