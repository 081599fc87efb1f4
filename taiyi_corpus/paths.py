"""Where things lie: the cache, the raw data, the registry and the templates."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import platformdirs

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.remote import CACHE, DATA, is_address, mirror_of

__all__ = ["CACHE", "DATA", "REGISTRY"]
REGISTRY = "TAIYI_CORPUS_REGISTRY"

_PACKAGE = Path(__file__).parent


def cache_dir() -> Path:
    """Return the cache folder: TAIYI_CORPUS_CACHE (a mirror, if that is an address), else the platform's own."""
    if named := os.environ.get(CACHE):
        return _local(named)
    return platformdirs.user_cache_path("taiyi-corpus", appauthor=False)


def data_dir(explicit: Path | None = None) -> Path:
    """Return the folder of raw data, one folder a dataset: `explicit`, else TAIYI_CORPUS_DATA, else in the cache."""
    if explicit is not None:
        return explicit.expanduser()
    if named := os.environ.get(DATA):
        return _local(named)
    return cache_dir() / "data"


def data_option(text: str) -> Path:
    """Return the folder that `--data` names; of an address, its mirror, which workers get to know as well."""
    if is_address(text):
        os.environ[DATA] = text
    return _local(text)


def _local(named: str) -> Path:
    if not is_address(named):
        return Path(named).expanduser()
    mirror = mirror_of(named)
    mirror.mkdir(parents=True, exist_ok=True)
    return mirror


def existing_data_dir(explicit: Path | None = None) -> Path:
    """Return `data_dir(explicit)`, checked.

    Raises:
        InputError: the user named a folder that is not there; the default one need not be.
    """
    folder = data_dir(explicit)
    named = explicit is not None or bool(os.environ.get(DATA))
    if named and not folder.is_dir():
        where = "--data" if explicit is not None else DATA
        raise InputError(Fault(where, "a folder of raw data", f"no folder at {folder}"))
    return folder


def bundled(kind: Literal["registry", "templates"]) -> Path:
    """Return the shipped folder of that kind: inside an installed wheel, or beside the package in a checkout.

    Raises:
        InputError: it is in neither place.
    """
    places = (_PACKAGE / "_data" / kind, _PACKAGE.parent / kind)
    for place in places:
        if place.is_dir():
            return place
    raise InputError(
        Fault(
            kind,
            "a folder shipped with the package",
            f"none at {places[0]} or {places[1]}",
            "Install taiyi-corpus again.",
        )
    )


def registry_dirs(extra: Iterable[Path] = ()) -> list[Path]:
    """Return all folders of registry files: the bundled one, those of TAIYI_CORPUS_REGISTRY, then `extra`.

    Raises:
        InputError: one that the user named is no folder; all of them at once.
    """
    named = [
        (Path(part), REGISTRY) for part in os.environ.get(REGISTRY, "").split(os.pathsep) if part
    ]
    named += [(path, "--registry") for path in extra]
    found = [(path.expanduser(), origin) for path, origin in named]
    if faults := [
        Fault(origin, "a folder of registry files", f"no folder at {path}")
        for path, origin in found
        if not path.is_dir()
    ]:
        raise InputError(faults)
    return [bundled("registry"), *(path for path, _ in found)]
