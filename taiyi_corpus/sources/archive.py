"""Archives, listed and read as streams: .zip, .tar, .tar.gz, .tar.bz2, .tar.xz, and a lone .gz, .bz2, .xz.

Nothing is ever unpacked to disk. An archive that holds a name or a link leading out of it, or a device, is refused as
a whole; so is one that would grow beyond the limits in `stream`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream, tars, zips
from taiyi_corpus.sources.entry import BY_HAND, Opened

if TYPE_CHECKING:
    from taiyi_corpus.sources.member import Member


def list_archive(path: Path) -> list[tuple[str, int]]:
    """Return (inner name, size) of every file in an archive, in archive order, without litter.

    Raises:
        SourceError: the archive is damaged, of a kind we do not read, unsafe (all unsafe names at once), or a bomb.
    """
    if path.name.lower().endswith(names.UNSUPPORTED):
        raise SourceError(Fault(str(path), "a .zip or .tar archive", f"a {path.suffix}", BY_HAND))
    entries = zips.entries(path) if _is_zip(path) else tars.entries(path)
    faults: list[Fault] = []
    sizes: dict[str, int] = {}
    for count, entry in enumerate(entries, start=1):
        name, where = entry.name, f"{path}#{entry.name}"
        if count > stream.COUNT_LIMIT:
            raise SourceError(Fault(str(path), f"at most {stream.COUNT_LIMIT:,} files", "more"))
        if not name or names.escapes(name):
            faults.append(Fault(where, "a name inside the archive", "none, or one that leads out"))
        elif entry.fault:
            faults.append(entry.fault)
        elif names.is_litter(name):
            continue
        elif name in sizes:
            faults.append(Fault(where, "each name once", "a second one", BY_HAND))
        elif entry.size > stream.MEMBER_LIMIT:
            faults.append(stream.bomb(where, stream.MEMBER_LIMIT))
        sizes[name] = entry.size
    most = stream.allowed(path.stat().st_size, stream.TOTAL_LIMIT)
    if sum(sizes.values()) > most:
        faults.append(stream.bomb(str(path), most))
    if faults:
        raise SourceError(faults)
    return list(sizes.items())


def open_member(member: Member) -> BinaryIO:
    """Open one member as a stream of its decompressed bytes.

    A member of a tar is reached by reading all that lies before it: for many of them use `iter_open`.

    Raises:
        SourceError: the file or archive is damaged, a link, encrypted, or gives more bytes than it may.
    """
    if member.inner is None:
        with stream.damage(str(member.file)):
            return member.file.open("rb")
    if member.inner == "":
        return stream.open_packed(member.file, str(member.file), stream.MEMBER_LIMIT)
    with ExitStack() as held:
        source = held.enter_context(_opened(member.file, [member.inner]))
        return _guarded(next(source), held.pop_all())


def iter_open(members: Sequence[Member]) -> Iterator[tuple[Member, BinaryIO]]:
    """Open many members, each archive once; a stream is good until the next one is asked for.

    Members come in the given order, but those of one tar come together, each once and in the order of the tar, where
    the first of them is due.

    Raises:
        SourceError: as `open_member`.
    """
    inside: dict[Path, list[Member]] = {}
    for member in members:
        if member.inner:
            inside.setdefault(member.file, []).append(member)
    with ExitStack() as held:
        zipped = {
            path: held.enter_context(zips.opened(path, [m.inner or "" for m in wanted]))
            for path, wanted in inside.items()
            if _is_zip(path)
        }
        for member in members:
            if not member.inner:
                with open_member(member) as file:
                    yield member, file
            elif member.file in zipped:
                with _guarded(next(zipped[member.file]), ExitStack()) as file:
                    yield member, file
            elif wanted := inside.pop(member.file, None):
                yield from _iter_tar(member.file, {m.inner or "": m for m in wanted})


def in_tar(member: Member) -> bool:
    """Tell whether a member is reached only by reading what lies before it."""
    return bool(member.inner) and not _is_zip(member.file)


def _iter_tar(path: Path, wanted: dict[str, Member]) -> Iterator[tuple[Member, BinaryIO]]:
    with tars.opened(path, wanted) as source:
        for found in source:
            with _guarded(found, ExitStack()) as file:
                yield wanted[found.name], file


def _is_zip(path: Path) -> bool:
    return path.name.lower().endswith(".zip")


def _opened(path: Path, wanted: Iterable[str]) -> AbstractContextManager[Iterator[Opened]]:
    return zips.opened(path, wanted) if _is_zip(path) else tars.opened(path, wanted)


def _guarded(found: Opened, held: ExitStack) -> BinaryIO:
    """Guard a file's bytes; a .gz inside an archive is decompressed, as its unpacked twin is."""
    held.callback(found.raw.close)
    if not names.is_packed(found.name):
        return stream.guarded(found.raw, found.where, found.size, held)
    source = stream.decompressed(found.raw, found.name)
    held.callback(source.close)
    most = stream.allowed(found.size, stream.MEMBER_LIMIT)
    return stream.guarded(source, found.where, most, held)
