"""What changed between two builds, and why: recipe, data, registry entries, adapters, templates, versions; then counts.

The manifests say all of it; no row is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from taiyi_corpus.export.convert import open_build
from taiyi_corpus.export.manifest import Manifest

Cause = Literal["recipe", "version", "templates", "origin", "data", "registry", "adapter"]
_OF_ONE: tuple[Cause, ...] = ("data", "registry", "adapter")  # dataset; the others are of all


class Change(Struct, frozen=True):
    """One difference in what two builds were made from."""

    cause: Cause
    what: str  # the key of the recipe, the package, the dataset
    before: str
    after: str


class CountChange(Struct, frozen=True):
    """Rows of one dataset x task that differ."""

    dataset: str
    task: str
    language: str
    before: int
    after: int
    because: list[Cause]  # what changed of this dataset, or of all


class Diff(Struct, frozen=True):
    """The differences of two builds."""

    changes: list[Change]
    counts: list[CountChange]
    rows: tuple[int, int]
    same_bytes: bool  # every shard is the same


def diff(before: Path, after: Path) -> Diff:
    """Return the differences of two finished builds.

    Raises:
        InputError: one of them is none.
    """
    a, b = open_build(before), open_build(after)
    changes = [
        *_recipe(a.recipe, b.recipe, ""),
        *_values("version", a.versions, b.versions),
        *_values("templates", {"all": a.templates[:12]}, {"all": b.templates[:12]}),
        *_values("origin", {"all": a.origin}, {"all": b.origin}),
        *_datasets(a, b),
    ]
    same = [(s.path, s.sha256) for s in a.shards] == [(s.path, s.sha256) for s in b.shards]
    return Diff(changes, list(_counts(a, b, changes)), (a.rows, b.rows), same)


def _recipe(a: Any, b: Any, at: str) -> Iterator[Change]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys((*a, *b)):
            yield from _recipe(a.get(key), b.get(key), f"{at}.{key}" if at else str(key))
    elif isinstance(a, list) and isinstance(b, list) and _named(a) and _named(b):
        ours, theirs = ({group["name"]: group for group in groups} for groups in (a, b))
        yield from _recipe(ours, theirs, at)
        if list(ours) != list(theirs) and set(ours) == set(theirs):
            yield Change("recipe", f"{at} (order)", ", ".join(ours), ", ".join(theirs))
    elif a != b:
        yield Change("recipe", at, _said(a), _said(b))


def _named(groups: list[Any]) -> bool:
    return bool(groups) and all(isinstance(group, dict) and "name" in group for group in groups)


def _values(cause: Cause, a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[Change]:
    for key in sorted({*a, *b}):
        if a.get(key) != b.get(key):
            yield Change(cause, key, _said(a.get(key)), _said(b.get(key)))


def _datasets(a: Manifest, b: Manifest) -> Iterator[Change]:
    for id_ in sorted({*a.datasets, *b.datasets}):
        ours, theirs = a.datasets.get(id_), b.datasets.get(id_)
        if ours is None or theirs is None:
            here, there = ("" if about is None else about["state"] for about in (ours, theirs))
            yield Change("data", id_, here or "not drawn from", there or "not drawn from")
            continue
        for key in ("state", "variant"):
            if ours[key] != theirs[key]:
                yield Change("data", id_, _said(ours[key]), _said(theirs[key]))
        files = sorted({*ours["sources"], *theirs["sources"]})
        for file in files:
            hashes = [_short(about["sources"].get(file)) for about in (ours, theirs)]
            if hashes[0] != hashes[1]:
                yield Change("data", f"{id_}: {file}", *hashes)
        said: tuple[tuple[Cause, str], ...] = (("registry", "spec"), ("adapter", "adapter"))
        for cause, key in said:
            if ours.get(key) != theirs.get(key):
                yield Change(cause, id_, _short(ours.get(key)), _short(theirs.get(key)))


def _counts(a: Manifest, b: Manifest, changes: list[Change]) -> Iterator[CountChange]:
    ours, theirs = (
        {(f.dataset, f.task, f.language): f.chosen for f in made.counts} for made in (a, b)
    )
    general = [c.cause for c in changes if c.cause not in _OF_ONE]
    for key in sorted({*ours, *theirs}):
        before, after = ours.get(key, 0), theirs.get(key, 0)
        if before != after:
            own = [c.cause for c in changes if c.cause in _OF_ONE
                   and c.what.split(":")[0] == key[0]]  # fmt: skip
            # With nothing changed of its own, a stratum moves with the others it shares the mix with.
            because = own + general or [c.cause for c in changes]
            yield CountChange(*key, before, after, list(dict.fromkeys(because)))


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "absent"


def _said(value: Any) -> str:
    return "not stated" if value is None else str(value)
