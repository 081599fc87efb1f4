"""What is sent: the files of one config, and its part of the card."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.hashing import file_sha256

MANIFEST = "manifest.json"
README = "README.md"
SHARD = re.compile(r".+-\d{5}-of-\d{5}\.parquet")  # a name that the data files of a config have
_CONFIG = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


Progress = Callable[[str, int, int], None]  # (what, done, total)


class File(msgspec.Struct, frozen=True):
    """One file: where it goes, where it lies, what it is."""

    path: str  # in the target
    local: str
    bytes: int
    sha256: str


class Size(msgspec.Struct, frozen=True):
    """How much a split holds."""

    rows: int
    bytes: int  # not compressed


@dataclass(frozen=True, slots=True)
class Parcel:
    """One config of the target: everything in the folder of its name, and its part of README.md."""

    config: str
    source: str  # "recipe stage1", "dataset bc5cdr": what a later push of this config must come from, too
    files: list[File]  # shards, ledger, citations, and the manifest last
    header: dict[str, Any]  # what it says in the YAML header
    body: str  # its part of the card, Markdown
    splits: dict[str, Size]
    schema: pa.Schema
    left_out: dict[str, str]  # dataset -> why nothing of it is sent


class Done(msgspec.Struct, frozen=True):
    """What a push did."""

    url: str
    files: list[File]  # all files of the configs, and README.md
    sent: list[str]  # those that were not there; none: nothing had changed
    removed: list[str]
    commit: str | None  # of the Hub; None elsewhere


def file_at(path: str, local: Path) -> File:
    """Return a file as it lies on disk, to be sent to `path`."""
    return File(path, str(local), local.stat().st_size, file_sha256(local))


def config_name(name: str) -> str:
    """Return a name that a config, and so a folder, may have.

    Raises:
        InputError: it may not.
    """
    if not _CONFIG.fullmatch(name):
        raise InputError(Fault("--config", "letters, digits, `_`, `-` and `.`", repr(name)))
    return name


def source_of(manifest: bytes) -> str:
    """Return what a pushed manifest says a config comes from, or "something else"."""
    try:
        said = msgspec.json.decode(manifest)
    except msgspec.DecodeError:
        said = None
    if isinstance(said, dict):
        if isinstance(said.get("dataset"), str):
            return f"dataset {said['dataset']}"
        recipe = said.get("recipe")
        if isinstance(recipe, dict):
            return f"recipe {recipe.get('name')}"
    return "something else"


def refuse_other(where: str, parcel: Parcel, manifest: bytes | None) -> None:
    """Check that a config of the target, if it is there, comes from what is sent now: it would be replaced.

    Raises:
        InputError: it comes from something else.
    """
    if manifest is None or (there := source_of(manifest)) == parcel.source:
        return
    wanted = f"what came from {parcel.source}, or nothing"
    hint = "--config NAME puts this one beside it."
    raise InputError(Fault(f"{where}, config {parcel.config}", wanted, there, hint))


def stale(parcel: Parcel, there: Mapping[str, object]) -> list[str]:
    """Return the data files of an earlier push that the config does not have any more."""
    mine = {file.path for file in parcel.files}
    return sorted(
        path
        for path in there
        if path not in mine
        and (parts := path.split("/"))[0] == parcel.config
        and len(parts) == 2
        and SHARD.fullmatch(parts[1])
    )
