"""Archives, listed and read as streams: .zip, .tar, .tar.gz, .tar.bz2, .tar.xz, and a lone .gz, .bz2, .xz.

Nothing is ever unpacked to disk. An archive that holds a name or a link leading out of it, or a device, is refused as
a whole; so is one that would grow beyond the limits in `stream`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream, tars, zips
from taiyi_corpus.sources.entry import BY_HAND, Entry, Opened

if TYPE_CHECKING:
    from taiyi_corpus.sources.member import Member


def list_archive(path: Path) -> list[Entry]:
    """Return every file in an archive, in archive order, without litter.

    Raises:
        SourceError: the archive is damaged, of a kind we do not read, unsafe (all unsafe names at once), or a bomb.
    """
    if path.name.lower().endswith(names.UNSUPPORTED):
        raise SourceError(Fault(str(path), "a .zip or .tar archive", f"a {path.suffix}", BY_HAND))
    entries = zips.entries(path) if _is_zip(path) else tars.entries(path)
    faults: list[Fault] = []
    found: dict[str, Entry] = {}
    for count, entry in enumerate(entries, start=1):
        name = entry.name
        if count > stream.COUNT_LIMIT:
            raise SourceError(Fault(str(path), f"at most {stream.COUNT_LIMIT:,} files", "more"))
        if not name or names.escapes(name):
            wanted = "a name inside the archive"
            faults.append(Fault(f"{path}#{name}", wanted, "none, or one that leads out"))
        elif entry.fault:
            faults.append(entry.fault)
        elif names.is_litter(name):
            continue
        elif name in found:
            faults.append(Fault(f"{path}#{name}", "each name once", "a second one", BY_HAND))
        elif entry.size > stream.MEMBER_LIMIT:
            faults.append(stream.bomb(f"{path}#{name}", stream.MEMBER_LIMIT))
        found[name] = entry
    most = stream.allowed(path.stat().st_size, stream.TOTAL_LIMIT)
    if sum(entry.size for entry in found.values()) > most:
        faults.append(stream.bomb(str(path), most))
    if faults:
        raise SourceError(faults)
    return list(found.values())


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
        if _is_zip(member.file):
            archive = held.enter_context(zips.Zip(member.file))
            small = _small(archive, member)
            return small or _guarded(archive.open(member.inner), held.pop_all())
        source = held.enter_context(tars.opened(member.file, [member.inner]))
        return _guarded(next(source), held.pop_all())


def iter_open(members: Sequence[Member]) -> Iterator[tuple[Member, BinaryIO]]:
    """Open many members, each archive once; a stream is good until the next one is asked for.

    Members come in the given order, but those of one tar come together, each once and in the order of the tar, where
    the first of them is due.

    Raises:
        SourceError: as `open_member`.
    """
    tarred: dict[Path, dict[str, Member]] = {file: {} for file in _tars(members)}
    for member in members:
        if member.inner and member.file in tarred:
            tarred[member.file][member.inner] = member
    with ExitStack() as held:
        zipped: dict[Path, zips.Zip] = {}
        for member in members:
            if not member.inner:
                with open_member(member) as file:
                    yield member, file
            elif member.file in tarred:
                yield from _iter_tar(member.file, tarred[member.file])
                tarred[member.file] = {}
            else:
                if (archive := zipped.get(member.file)) is None:
                    archive = zipped[member.file] = held.enter_context(zips.Zip(member.file))
                small = _small(archive, member)
                with small or _guarded(archive.open(member.inner), ExitStack()) as file:
                    yield member, file


def any_in_tar(members: Sequence[Member]) -> bool:
    """Tell whether a member is reached only by reading what lies before it."""
    return bool(_tars(members))


def _tars(members: Sequence[Member]) -> set[Path]:
    return {file for file in {m.file for m in members if m.inner} if not _is_zip(file)}


def _iter_tar(path: Path, wanted: dict[str, Member]) -> Iterator[tuple[Member, BinaryIO]]:
    if not wanted:
        return
    with tars.opened(path, wanted) as source:
        for found in source:
            with _guarded(found, ExitStack()) as file:
                yield wanted[found.name], file


def _is_zip(path: Path) -> bool:
    return path.name.lower().endswith(".zip")


def _small(archive: zips.Zip, member: Member) -> BinaryIO | None:
    if member.place is None or member.inner is None:
        return None
    data = archive.small(member.inner, member.size, member.place)
    return None if data is None else io.BytesIO(data)


def _guarded(found: Opened, held: ExitStack) -> BinaryIO:
    """Guard a file's bytes; a .gz inside an archive is decompressed, as its unpacked twin is."""
    held.callback(found.raw.close)
    if not names.is_packed(found.name):
        return stream.guarded(found.raw, found.where, found.size, held)
    source = stream.decompressed(found.raw, found.name)
    held.callback(source.close)
    most = stream.allowed(found.size, stream.MEMBER_LIMIT)
    return stream.guarded(source, found.where, most, held)
