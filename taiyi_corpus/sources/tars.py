"""The entries of a .tar, plain or compressed, read in one pass from start to end."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream
from taiyi_corpus.sources.entry import Entry, Opened, gone, is_link, link_fault

_BLOCK = 512
_PIECE = 1 << 18


def entries(path: Path) -> Iterator[Entry]:
    """Yield the files and links of a tar; the whole of it is read, so that damage shows."""
    with _walk(path) as (_, infos):
        for info in infos:
            name = _name(info)
            fault = None
            if info.issym() or info.islnk():
                fault = link_fault(path, name, info.linkname, hard=info.islnk())
            elif not (info.isreg() or info.isdir()):
                fault = Fault(f"{path}#{name}", "files and folders only", "a device or pipe")
            if not info.isdir() or names.escapes(name):
                yield Entry(name, info.size, fault)
    if path.suffix.lower() == ".tar":
        _check_end(path)


@contextmanager
def opened(path: Path, wanted: Iterable[str]) -> Iterator[Iterator[Opened]]:
    """Open a tar and give the wanted files in the order of the tar; one is good until the next is taken."""
    with _walk(path) as (archive, infos):
        yield _files(archive, infos, path, set(wanted))


def _files(
    archive: tarfile.TarFile, infos: Iterator[tarfile.TarInfo], path: Path, wanted: set[str]
) -> Iterator[Opened]:
    for info in infos:
        name = _name(info)
        if info.isdir() or name not in wanted:
            continue
        where = f"{path}#{name}"
        # A hard link's bytes stand further up in the tar, where one pass does not get to again.
        file = archive.extractfile(info) if info.isreg() else None
        if file is None:
            raise is_link(where)
        yield Opened(name, file, where, info.size)
        wanted.remove(name)
        if not wanted:
            return
    raise gone(path, sorted(wanted))


@contextmanager
def _walk(path: Path) -> Iterator[tuple[tarfile.TarFile, Iterator[tarfile.TarInfo]]]:
    where = str(path)
    with ExitStack() as held:
        file = held.enter_context(stream.open_packed(path, where, stream.TOTAL_LIMIT))
        with stream.damage(where):
            archive = held.enter_context(
                tarfile.open(fileobj=file, mode="r|", bufsize=_PIECE, errors="surrogateescape")
            )
        yield archive, _infos(archive, file, where)


def _infos(archive: tarfile.TarFile, file: BinaryIO, where: str) -> Iterator[tarfile.TarInfo]:
    while True:
        with stream.damage(where):
            info = archive.next()
        if info is None:
            break
        yield info
    while file.read(_PIECE):
        pass  # the checksum of a .gz, .bz2 or .xz stands behind the last byte


def _check_end(path: Path) -> None:
    """Ask a bare tar for the zeros at its end: it has no checksum to say that it is whole."""
    with path.open("rb") as file:
        file.seek(-_BLOCK, 2)
        if file.read().strip(b"\0"):
            raise SourceError(
                Fault(str(path), "an end mark", "none", "It is cut short: get it again.")
            )


def _name(info: tarfile.TarInfo) -> str:
    return names.clean(names.decode(info.name.encode("utf-8", "surrogateescape"), "latin-1"))
