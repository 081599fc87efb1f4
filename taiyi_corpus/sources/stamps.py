"""By what a file is known not to have changed: its size, its times and its number on the disk."""

from __future__ import annotations

import time
from pathlib import Path

Stamp = tuple[int, int, int, int]  # size, times of content and of entry, number
_SETTLED = 2_000_000_000  # nanoseconds


def stamp(file: Path) -> Stamp:
    """Return what is another after a change of the file."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def settled(before: Stamp) -> bool:
    """Return whether a file was last touched two seconds ago or more: sooner it may change within the same tick."""
    return max(before[1], before[2]) < time.time_ns() - _SETTLED
