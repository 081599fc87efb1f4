"""Checks of a recipe before any work: names it gets wrong, and what of it cannot all hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.template_file import LANGUAGES
from taiyi_corpus.instruct.wording import task_templates
from taiyi_corpus.mix.contradictions import contradictions, idle_groups
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Group, Recipe


def check_recipe(recipe: Recipe, specs: Mapping[str, DatasetSpec]) -> None:
    """Check a recipe against the registry.

    Raises:
        InputError: every unknown name, with the nearest known one; if there is none, every contradiction; if there
            is none of these either, every group that can take nothing.
    """
    where = f"recipe {recipe.name}"
    for look in (_names, contradictions, idle_groups):
        if faults := list(look(recipe, specs, where)):
            raise InputError(faults)


def _names(recipe: Recipe, specs: Mapping[str, DatasetSpec], where: str) -> Iterator[Fault]:
    groups = list(_all(recipe.groups))
    named = {
        *recipe.caps, *recipe.floors, *recipe.epochs, *recipe.expand_of,
        *(d for g in groups for d in (*g.select.datasets, *g.select.without_datasets)),
        *(d for g in groups if isinstance(g.counts, dict) for d in g.counts),
    }  # fmt: skip
    yield from _unknown(where, "datasets of the registry", named, list(specs))
    tags = {tag for g in groups for tag in (*g.select.tags, *g.select.without_tags)}
    known_tags = sorted({tag for spec in specs.values() for tag in spec.tags})
    if known_tags:
        yield from _unknown(where, "tags of datasets", tags - {"general"}, known_tags)
    licences = {name for g in groups for name in g.select.licenses}
    known = sorted({spec.license.name for spec in specs.values()})
    yield from _unknown(where, "licences of datasets", licences, known)
    for rates in (recipe.expand, *recipe.expand_of.values()):
        for task, forms in rates.items():
            yield from _unknown(where, f"forms of {task}", set(forms), list(FORMS[task]))
    for task, names in recipe.styles.items():
        styles = {name for at in LANGUAGES for name in task_templates(task, at).styles}
        yield from _unknown(where, f"answer styles of {task}", names, sorted(styles))
    for group in groups:
        if isinstance(group.counts, dict):
            for dataset, counts in group.counts.items():
                tasks = recipe.tasks_of(specs[dataset]) if dataset in specs else list(counts)
                yield from _unknown(f"{where}, group {group.name}", f"tasks of {dataset}",
                                    set(counts), list(tasks))  # fmt: skip


def _unknown(where: str, wanted: str, names: Iterable[str], known: Sequence[str]) -> list[Fault]:
    return [
        Fault(where, wanted, repr(name), nearest(name, list(known)))
        for name in sorted(set(names) - set(known))
    ]


def _all(groups: Iterable[Group]) -> Iterator[Group]:
    for group in groups:
        yield group
        yield from _all(group.groups)
