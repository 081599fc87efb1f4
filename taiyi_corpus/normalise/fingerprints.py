"""The hashes of a dataset's source files, computed once for files that do not change.

A file counts as unchanged while its size, its times and its number on the disk are the same. One that was touched
within two seconds before it was read may change again within the same tick of the clock, so it is not remembered.
"""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from taiyi_corpus import kept, remote
from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.sources.locate import Located, files_of

_SETTLED = 2_000_000_000  # nanoseconds

Stamp = tuple[int, int, int, int]  # size, times of content and of entry, number
_Memo = dict[str, tuple[Stamp, str]]


def source_hashes(located: Located, cache: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file a dataset is read from, by path below its folder.

    Args:
        cache: folder to remember them in; without one all files are read.
    """
    folder = (located.folder or Path()).absolute()
    files = [remote.fetched(path.absolute()) for path in files_of(located)]
    place = None
    known: _Memo = {}
    if cache is not None:
        place = cache / "sources" / located.spec.id / kept.key(str(folder))
        if (data := kept.read(place)) is not None:
            known = msgspec.json.decode(data, type=_Memo)
    found: dict[str, str] = {}
    memo: _Memo = {}
    for file in files:
        name = file.relative_to(folder).as_posix()
        before = _stamp(file)
        if name in known and known[name][0] == before:
            found[name] = known[name][1]
            memo[name] = known[name]
            continue
        found[name] = file_sha256(file)
        settled = max(before[1], before[2]) < time.time_ns() - _SETTLED
        if settled and _stamp(file) == before:
            memo[name] = (before, found[name])
    if place is not None and memo != known:
        kept.write(place, msgspec.json.encode(memo))
    return found


def _stamp(file: Path) -> Stamp:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino
