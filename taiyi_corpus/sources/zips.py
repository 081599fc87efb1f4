"""The entries of a .zip."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream
from taiyi_corpus.sources.entry import BY_HAND, Entry, Opened, gone, is_link, link_fault

_ENCRYPTED = 0x1
_UTF8 = 0x800
_LINK_LENGTH = 4096  # no file system takes a longer path


def entries(path: Path) -> Iterator[Entry]:
    """Yield the files and links of a zip as its directory lists them."""
    with stream.damage(str(path)), zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = _name(info)
            fault = None
            if _is_link(info):
                with archive.open(info) as file:
                    target = file.read(_LINK_LENGTH).decode("utf-8", "replace")
                fault = link_fault(path, name, target, hard=False)
            if not info.is_dir() or names.escapes(name):
                yield Entry(name, info.file_size, fault)


@contextmanager
def opened(path: Path, wanted: Iterable[str]) -> Iterator[Iterator[Opened]]:
    """Open a zip and give the wanted files in the order asked for."""
    with stream.damage(str(path)):
        archive = zipfile.ZipFile(path)
    with archive:
        yield _files(archive, path, wanted)


def _files(archive: zipfile.ZipFile, path: Path, wanted: Iterable[str]) -> Iterator[Opened]:
    infos = {_name(info): info for info in archive.infolist()}
    for name in wanted:
        where = f"{path}#{name}"
        info = infos.get(name)
        if info is None:
            raise gone(path, [name])
        if _is_link(info):
            raise is_link(where)
        if info.flag_bits & _ENCRYPTED:
            raise SourceError(Fault(where, "an open file", "one locked by a password", BY_HAND))
        most = stream.allowed(info.compress_size, stream.MEMBER_LIMIT)
        if info.file_size > most:
            raise SourceError(stream.bomb(where, most))
        with stream.damage(where):
            file = archive.open(info)
        yield Opened(name, file, where, info.file_size)


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's cleaned name; without the UTF-8 flag zipfile takes it for cp437, which it seldom is."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        # A name that is no cp437 came from the Unicode extra field and is right as it is.
        with suppress(UnicodeEncodeError):
            name = names.decode(name.encode("cp437"), "cp437")
    return names.clean(name)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
