"""Results kept on disk: files that know their own hash, under keys of everything that made them.

    file = 16 bytes of XXH3-128 of the rest, the rest

A file is whole or not there: it is written beside its place and renamed. One that is damaged is as good as none:
whoever asks makes its content anew.
"""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import xxhash

from taiyi_corpus import remote

_DIGEST = 16  # bytes


def write(path: Path, data: bytes) -> None:
    """Keep `data` under `path`; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as staging:
        staging.write_bytes(xxhash.xxh3_128_digest(data) + data)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a hidden place beside `path`; the file written there gets that name when the block ends well."""
    staging = staging_of(path)
    try:
        yield staging
        staging.replace(path)
    finally:
        staging.unlink(missing_ok=True)
    remote.sent(path)


def staging_of(path: Path) -> Path:
    """Return the hidden place beside `path` where this process writes what is then renamed to it."""
    return path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}")


def abandoned(staging: Path) -> bool:
    """Return whether the process that wrote to a place of `staging_of` has ended; False if that cannot be told."""
    owner, _, pid = staging.name.rpartition(".")
    if not owner.endswith(f".{platform.node()}") or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def read(path: Path) -> bytes | None:
    """Return what was kept, None if nothing was or it is damaged; say by its time that it was used."""
    try:
        found = remote.fetched(path).read_bytes()
    except FileNotFoundError:
        return None
    data = found[_DIGEST:]
    if xxhash.xxh3_128_digest(data) != found[:_DIGEST]:
        return None
    with suppress(OSError):  # a cache that may only be read
        os.utime(path)
    return data


def key(*identity: object) -> str:
    """Return the key of what a result depends on: JSON-able values, structs, bytes."""
    return xxhash.xxh3_128_hexdigest(msgspec.json.encode(identity))


def file_hash(path: Path) -> str:
    """Return the hash by which damage to a file is noticed (XXH3-128, hex); "" if it is not there."""
    digest = xxhash.xxh3_128()
    try:
        with remote.fetched(path).open("rb") as file:
            while piece := file.read(1 << 22):
                digest.update(piece)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


@functools.cache
def code_version(*folders: str) -> str:
    """Return a hash of the code in some folders of the package: results of other code are other results."""
    root = Path(__file__).parent
    digest = xxhash.xxh3_128()
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
