"""Folders at an address (s3://bucket/cache): each machine has a mirror, and files travel when they are needed.

TAIYI_CORPUS_CACHE and TAIYI_CORPUS_DATA may hold an address that fsspec knows. What is not in a mirror is fetched when
it is first read, what is made in one is sent. Files go by their content or are written once, so a mirror is never
stale; only raw data may change, and is compared when it is looked for. Elsewhere nothing here does anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
import xxhash

CACHE = "TAIYI_CORPUS_CACHE"
DATA = "TAIYI_CORPUS_DATA"
MIRRORS = (
    "TAIYI_CORPUS_MIRRORS"  # the folder of all mirrors: the same path on every machine of a cluster
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_INDEXES = (
    "index",
    "sliced",
    "manifest.json",
)  # who sees one of these takes what it names to be there


def is_address(text: str) -> bool:
    """Return whether a text is an address, not a path."""
    return _ADDRESS.match(text) is not None


def mirror_of(address: str) -> Path:
    """Return the local folder that mirrors an address."""
    named = os.environ.get(MIRRORS)
    root = (
        Path(named)
        if named
        else platformdirs.user_cache_path("taiyi-corpus", appauthor=False) / "mirrors"
    )
    return root / xxhash.xxh3_64_hexdigest(address.rstrip("/").encode())


def is_mirror(folder: Path) -> bool:
    """Return whether a folder lies in a mirror: it may not hold yet what is at the address."""
    return any(_behind(folder))


def settings() -> dict[str, str]:
    """Return the variables that other machines need to know the same folders."""
    return {name: os.environ[name] for name in (CACHE, DATA, MIRRORS) if name in os.environ}


def fetched(path: Path) -> Path:
    """Return a path; if it lies in a mirror and not on this machine, its file is fetched, where there is one."""
    if path.exists():
        return path
    for fs, remote in _behind(path):
        if fs.isfile(remote):
            _get(fs, remote, path)
    return path


def sent(path: Path) -> None:
    """Send a finished file, or all files of a finished folder, to the address behind a mirror."""
    for fs, remote in _behind(path):
        send(fs, remote, path)


def removed(folder: Path) -> None:
    """Remove the folder behind one in a mirror."""
    for fs, remote in _behind(folder):
        if fs.isdir(remote):
            fs.rm(remote, recursive=True)


def send(fs: Any, remote: str, path: Path) -> None:
    """Copy a file or a folder to `remote`; indexes come last."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    for file in sorted(files, key=lambda file: (file.name in _INDEXES, file)):
        below = file.relative_to(path).as_posix()
        target = remote if file == path else f"{remote}/{below}"
        fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        fs.put_file(str(file), target)


def refresh(folder: Path) -> None:
    """Make a folder of raw data in a mirror what its address holds."""
    for fs, remote in _behind(folder):
        there = fs.find(remote, detail=True) if fs.isdir(remote) else {}
        wanted = {
            folder / name[len(remote) :].lstrip("/"): (name, about) for name, about in there.items()
        }
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file() and path not in wanted:
                path.unlink()
        for path, (name, about) in wanted.items():
            mark = path.with_name(f".{path.name}.seen")
            said = repr(
                [about.get(key) for key in ("size", "ETag", "mtime", "LastModified", "created")]
            )
            if not (path.is_file() and mark.is_file() and mark.read_text() == said):
                _get(fs, name, path)
                mark.write_text(said)


def opened(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it."""
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(address.rstrip("/"), use_listings_cache=False)
    return fs, path


def _behind(path: Path) -> Iterator[tuple[Any, str]]:
    """Yield the file system and path behind a path in a mirror; nothing for any other path."""
    for name in (CACHE, DATA):
        address = os.environ.get(name, "")
        if is_address(address) and path.is_relative_to(root := mirror_of(address)):
            fs, start = opened(address)
            below = path.relative_to(root).as_posix()
            yield fs, start if below == "." else f"{start}/{below}"


def _get(fs: Any, remote: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fs.get_file(remote, str(staging))
        staging.replace(path)
    finally:
        staging.unlink(missing_ok=True)
