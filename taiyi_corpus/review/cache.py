"""What lies in the cache, when it was last used, and throwing away what nobody uses.

An entry is one result under its key: the records of a dataset, what curating kept of a part, its candidates. Downloaded
files are no results and stay.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from taiyi_corpus import kept

# Kind -> how deep its entries lie: `records/<dataset>/<key>`, `protected/<key>`.
KINDS = {
    "records": 2, "slices": 2, "curated": 2, "candidates": 2, "protected": 1, "sources": 2, "registry": 1,
}  # fmt: skip
_DAY = 86_400.0
# Seconds after which what is half written belongs to nobody, where it cannot be told that its process has ended.
_STALE = 3_600.0


class Entry(Struct, frozen=True):
    """One result in the cache."""

    kind: str
    dataset: str  # "" where it belongs to none
    path: str
    bytes: int
    used: float  # seconds since the epoch
    whole: bool  # False: left by a process that was killed


class Kind(Struct):
    """All results of one kind."""

    kind: str
    entries: int = 0
    bytes: int = 0
    used: float = 0.0


def entries(cache: Path) -> Iterator[Entry]:
    """Yield the results in a cache, by kind and path."""
    for kind, depth in KINDS.items():
        for path in sorted((cache / kind).glob("/".join("*" * depth))):
            files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
            stats = [file.stat() for file in files]
            # Reading a result marks its index; files beside it are only read.
            used = max((stat.st_mtime for stat in stats), default=path.stat().st_mtime)
            size = sum(stat.st_size for stat in stats)
            dataset = path.parent.name if depth == 2 else ""
            yield Entry(kind, dataset, str(path), size, used, not path.name.startswith("."))


def kinds(cache: Path) -> list[Kind]:
    """Return what a cache holds of each kind."""
    found = {kind: Kind(kind) for kind in KINDS}
    for entry in entries(cache):
        kind = found[entry.kind]
        kind.entries += 1
        kind.bytes += entry.bytes
        kind.used = max(kind.used, entry.used)
    return [kind for kind in found.values() if kind.entries]


def collect(cache: Path, days: float, now: float | None = None) -> list[Entry]:
    """Remove results that were not used for so many days, and what killed processes left; return what was removed."""
    now = time.time() if now is None else now
    removed = []
    for entry in entries(cache):
        age = now - entry.used
        path = Path(entry.path)
        left = not entry.whole and (age >= _STALE or kept.abandoned(path))
        if not left and (not entry.whole or age < days * _DAY):
            for half in path.rglob(".*") if path.is_dir() else ():
                if kept.abandoned(half):
                    half.unlink(missing_ok=True)
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed.append(entry)
    return removed
