"""The files below a dataset's folder, and the patterns that pick some of them.

An archive, its unpacked folder, and one folder level more or less are the same source. The file `b.txt` in folder `a`
of `dir/X.zip` has the virtual path `dir/a/b.txt`; a lone `x.json.gz` has the virtual path `x.json`.

A pattern is tried in four ways, and the first that finds something wins:

    A/B/*.xml          as it stands
    (A.zip)/B/*.xml    an archive as the folder it is usually unpacked to
    B/*.xml            the first folder of the pattern left out
    any/A/B/*.xml      one more folder before it

`*` stays inside one folder, `**` crosses folders; everything else is literal.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names
from taiyi_corpus.sources.archive import list_archive
from taiyi_corpus.sources.member import Member


def members(folder: Path) -> list[Member]:
    """Return every file below `folder`, archives looked into, sorted by virtual path.

    Hidden files are left out and symbolic links followed. Where a file lies on disk and in an archive under the same
    virtual path, the one on disk is returned; two archives with the same virtual path are both returned.

    Raises:
        SourceError: an archive is damaged or unsafe; faults of all archives at once.
    """
    faults: list[Fault] = []
    found: dict[str, list[Member]] = {}
    for file, path in _files(folder):
        for member in _within(file, path, faults):
            found.setdefault(member.path, []).append(member)
    if faults:
        raise SourceError(faults)
    return [member for path in sorted(found) for member in _nearest(found[path])]


def inside(file: Path, path: str) -> list[Member]:
    """Return the member that one file is, or those of an archive; `path` is its virtual path.

    Raises:
        SourceError: it is an archive and damaged or unsafe.
    """
    faults: list[Fault] = []
    found = _within(file, unicodedata.normalize("NFC", path), faults)
    if faults:
        raise SourceError(faults)
    return found


def match(members: Sequence[Member], pattern: str, *, leave_out: bool = True) -> list[Member]:
    """Return the members a pattern names, in the order given; see the module for the four ways it is tried.

    `leave_out=False` forbids the third way, for patterns whose first folder is all that tells them apart.

    Raises:
        SourceError: two members match under the same name, so that one would be read twice.
    """
    if not members:  # most datasets of a registry: their patterns need not be compiled
        return []
    head, *parts = names.unpacked(unicodedata.normalize("NFC", pattern)).split("/")
    for skip, cut in ((0, 0), (1, 0), (0, 1)):
        if skip and not (parts and leave_out):
            continue
        wanted = _compiled("/".join(parts) if skip else "/".join([head, *parts]))
        for name in (_virtual, _as_folder):
            if found := [(n, m) for m in members if (n := _cut(name(m), cut)) and wanted(n)]:
                return _once(found, pattern)
    return []


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield (file, path below the folder) of every file that is not hidden, in no order."""
    pending = [(folder, "", frozenset({folder.resolve()}))]
    while pending:
        here, prefix, above = pending.pop()
        for entry in os.scandir(here):
            path = prefix + unicodedata.normalize("NFC", entry.name)
            if names.is_litter(path):
                continue
            file = Path(entry.path)
            if entry.is_file():
                yield file, path
            # A linked folder may lead back to where we came from.
            elif entry.is_dir() and (real := file.resolve()) not in above:
                pending.append((file, path + "/", above | {real}))


def _within(file: Path, path: str, faults: list[Fault]) -> list[Member]:
    """Return the member a file is, or those it holds; what is wrong with an archive is added to `faults`."""
    if not names.is_archive(path):
        packed = names.is_packed(path)
        return [Member(names.unpacked(path), file, "" if packed else None, file.stat().st_size)]
    folder = path.rpartition("/")[0]
    prefix = folder + "/" if folder else ""
    try:
        inside = list_archive(file)
    except SourceError as error:
        faults.extend(error.faults)
        return []
    return [
        Member(prefix + names.unpacked(one.name), file, one.name, one.size, one.place)
        for one in inside
    ]


def _nearest(same: list[Member]) -> list[Member]:
    """Return those members of one virtual path that win: a plain file, else a lone .gz, else archives."""

    def distance(member: Member) -> int:
        return 2 if member.inner else 0 if member.inner is None else 1

    if len(same) == 1:
        return same
    least = min(map(distance, same))
    return sorted((m for m in same if distance(m) == least), key=lambda m: str(m.file))


def _virtual(member: Member) -> str:
    return member.path


def _as_folder(member: Member) -> str:
    """Return a member's virtual path had its archive been unpacked to a folder of the archive's name."""
    if not member.inner:
        return ""
    inner = names.unpacked(member.inner)
    name = unicodedata.normalize("NFC", names.stem(member.file.name))
    return f"{member.path.removesuffix(inner)}{name}/{inner}"


def _cut(path: str, count: int) -> str:
    """Return a path without its first `count` folders, "" if it has no more."""
    return "/".join(path.split("/")[count:]) if count else path


def _once(found: list[tuple[str, Member]], pattern: str) -> list[Member]:
    if len(dict(found)) == len(found):
        return [member for _, member in found]
    by_name: dict[str, list[Member]] = {}
    for name, member in found:
        by_name.setdefault(name, []).append(member)
    if faults := [
        Fault(
            same[0].path,
            f"one file for {name!r} (pattern {pattern!r})",
            ", ".join(f"{m.file}#{m.inner}" if m.inner else str(m.file) for m in same),
            "Keep one of them, or put each into a folder of its own.",
        )
        for name, same in by_name.items()
        if len(same) > 1
    ]:
        raise SourceError(faults)
    return [member for same in by_name.values() for member in same]


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Callable[[str], object]:
    """Return a function that tells whether a path matches."""
    *folders, last = pattern.split("/")
    steps = ["(?:[^/]+/)*" if folder == "**" else _step(folder) + "/" for folder in folders]
    return re.compile("".join([*steps, _step(last)]), re.DOTALL).fullmatch


def _step(part: str) -> str:
    pieces = re.split(r"(\*+)", part)
    return "".join(
        re.escape(p) if not p.startswith("*") else "[^/]*" if p == "*" else ".*" for p in pieces
    )
