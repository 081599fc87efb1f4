"""The hashes of a dataset's source files, computed once for files that do not change.

One that was touched within two seconds before it was read may change again within the same tick of the clock, so it is
not remembered.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from taiyi_corpus import kept, remote
from taiyi_corpus.hashing import file_sha256
from taiyi_corpus.sources.locate import Located, files_of
from taiyi_corpus.sources.stamps import Stamp, settled, stamp

_Memo = dict[str, tuple[Stamp, str]]


def source_hashes(located: Located, cache: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file a dataset is read from, by path below its folder.

    Args:
        cache: folder to remember them in; without one all files are read.
    """
    files = _files(located)
    place = None if cache is None else _place(located, cache)
    known = {} if place is None else _remembered(place)
    found: dict[str, str] = {}
    memo: _Memo = {}
    for name, file in files.items():
        before = stamp(file)
        if name in known and known[name][0] == before:
            found[name] = known[name][1]
            memo[name] = known[name]
            continue
        found[name] = file_sha256(file)
        if settled(before) and stamp(file) == before:
            memo[name] = (before, found[name])
    if place is not None and memo != known:
        kept.write(place, msgspec.json.encode(memo))
    return found


def known_hashes(located: Located, cache: Path) -> dict[str, str] | None:
    """Return those hashes if all are remembered, None if a file would have to be read."""
    known = _remembered(_place(located, cache))
    files = _files(located)
    if any(name not in known or known[name][0] != stamp(file) for name, file in files.items()):
        return None
    return {name: known[name][1] for name in files}


def _files(located: Located) -> dict[str, Path]:
    """Return the files a dataset is read from, by path below its folder."""
    folder = _folder(located)
    files = [remote.fetched(path.absolute()) for path in files_of(located)]
    return {file.relative_to(folder).as_posix(): file for file in files}


def _folder(located: Located) -> Path:
    return (located.folder or Path()).absolute()


def _place(located: Located, cache: Path) -> Path:
    return cache / "sources" / located.spec.id / kept.key(str(_folder(located)))


def _remembered(place: Path) -> _Memo:
    data = kept.read(place)
    return {} if data is None else msgspec.json.decode(data, type=_Memo)
