"""The manifest of a build: what went in, what came out, and the hash of every file. No clock, no host."""

from __future__ import annotations

import functools
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa

from taiyi_corpus import paths
from taiyi_corpus.adapters import adapter_code
from taiyi_corpus.export.lengths import Lengths
from taiyi_corpus.export.shards import Shard
from taiyi_corpus.hashing import text_hash
from taiyi_corpus.mix.plan import Plan
from taiyi_corpus.normalise.store import StoredDataset
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.version import VERSION


class Funnel(msgspec.Struct):
    """The ledger of one dataset x task in numbers: what came in, what stayed, what was dropped and why."""

    dataset: str
    task: str
    language: str
    rows: int = 0  # reader rows of the splits drawn from
    records: int = 0  # records after normalising
    kept: int = 0  # records after curating
    instances: int = 0  # candidates that can be asked
    chosen: int = 0
    dropped: dict[str, int] = {}  # "stage.reason" -> count


class Manifest(msgspec.Struct, kw_only=True):
    """`manifest.json`."""

    recipe: dict[str, Any]
    origin: Literal["raw", "sample"]
    versions: dict[str, str]
    rows: int
    shards: list[Shard]
    counts: list[Funnel]
    wanted: dict[str, int]  # group -> rows asked for
    chosen: dict[str, int]  # group -> rows taken
    datasets: dict[str, dict[str, Any]]  # id -> state, variant, licence, sources
    styles: dict[str, int]  # "<language>/<task>.<style>" -> rows
    fallbacks: dict[str, int] = {}  # "<language>/<task>.<style drawn> -> <style taken>" -> rows
    curation: dict[
        str, Any
    ] = {}  # leaks (dataset -> benchmark or test split -> records), shared documents, licences refused
    templates: str = ""  # hash of the templates
    lengths: list[Lengths] = []  # of the rows, by task and language, by the estimate


def versions() -> dict[str, str]:
    """Return the versions that decide the bytes of a build."""
    return {
        "taiyi-corpus": VERSION,
        "pyarrow": pa.__version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
    }


def describe(
    spec: DatasetSpec, state: str, variant: str | None, stored: StoredDataset | None
) -> dict[str, Any]:
    """Return what the manifest says of one dataset."""
    names: dict[str, list[list[str]]] = {}  # task -> category and dataset in the paper's release
    for name in spec.taiyi:
        names.setdefault(name.task, []).append([name.category, name.dataset])
    adapter = (spec if variant is None else spec.variants[variant]).adapter
    return {
        "state": state,
        "variant": variant,
        "license": spec.license.name,
        "redistributable": spec.license.redistributable,
        "sources": stored.sources if stored else {},
        "spec": text_hash(spec.model_dump_json()),
        "adapter": None if adapter is None else adapter_code(adapter),
        "taiyi": names,
    }


@functools.cache
def templates_hash() -> str:
    """Return a hash of all instruction templates."""
    folder = paths.bundled("templates")
    files = sorted(folder.rglob("*.yaml"))
    said = [
        f"{file.relative_to(folder).as_posix()}\x1f{file.read_text(encoding='utf-8')}"
        for file in files
    ]
    return text_hash("\x1e".join(said))


def manifest(
    recipe: Recipe,
    origin: Literal["raw", "sample"],
    plan: Plan,
    shards: Sequence[Shard],
    counts: list[Funnel],
    datasets: dict[str, dict[str, Any]],
    styles: Mapping[str, int],
    lengths: Sequence[Lengths] = (),
    fallbacks: Mapping[str, int] | None = None,
) -> Manifest:
    """Return the manifest of a build."""
    return Manifest(
        recipe=recipe.model_dump(mode="json"),
        origin=origin,
        versions=versions(),
        rows=plan.rows,
        shards=list(shards),
        counts=counts,
        wanted=plan.wanted,
        chosen=plan.chosen,
        datasets=datasets,
        styles=dict(sorted(styles.items())),
        fallbacks=dict(sorted((fallbacks or {}).items())),
        templates=templates_hash(),
        lengths=list(lengths),
    )


def write_manifest(made: Manifest, folder: Path) -> None:
    """Write `manifest.json`."""
    text = msgspec.json.format(msgspec.json.encode(made), indent=1)
    (folder / "manifest.json").write_bytes(text + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a finished build."""
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
