"""The entries of a .zip.

Corpora come as zips of thousands of small files. Those are read in one go from the place the listing gave, without the
objects that zipfile makes for each; whatever is not plainly as the listing says is left to zipfile, and to its errors.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names, stream, zip_directory
from taiyi_corpus.sources.entry import BY_HAND, Entry, Opened, Place, gone, is_link, link_fault
from taiyi_corpus.sources.zip_directory import UTF8, Listed

SMALL = 1 << 20  # bytes of a file that is read in one go, far below what would be a bomb
_ENCRYPTED = 0x1
_OTHERWISE = _ENCRYPTED | 0x20 | 0x40  # encrypted, or patched data
_LINK_LENGTH = 4096  # no file system takes a longer path
_HEADER = struct.Struct("<4s22xHH")  # a file's own: signature, lengths of name and extra field
_SIGNATURE = b"PK\x03\x04"
_EXTRA = 128  # bytes that extra fields seldom pass
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_Info = zipfile.ZipInfo | Listed


def entries(path: Path) -> Iterator[Entry]:
    """Yield the files and links of a zip as its directory lists them."""
    with stream.damage(str(path)):
        if (plain := zip_directory.listed(path)) is not None:
            for one in plain:
                if (entry := _file(one)) is not None:
                    yield entry
            return
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if _is_link(info):
                    name = _name(info)
                    with archive.open(info) as file:
                        target = file.read(_LINK_LENGTH).decode("utf-8", "replace")
                    yield Entry(name, info.file_size, link_fault(path, name, target, hard=False))
                elif (entry := _file(info)) is not None:
                    yield entry


def _file(info: _Info) -> Entry | None:
    """Return a file with its place, if it is plain and small; None for a folder."""
    name = _name(info)
    if info.filename.endswith("/") and not names.escapes(name):
        return None
    place = None
    if (
        max(info.file_size, info.compress_size) <= SMALL
        and info.compress_type in _METHODS
        and not info.flag_bits & _OTHERWISE
        and not names.is_packed(name)
    ):
        place = Place(info.header_offset, info.compress_size, info.compress_type, info.CRC)
    return Entry(name, info.file_size, None, place)


class Zip:
    """A zip, open while it is a context."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with stream.damage(str(path)):
            self._file = path.open("rb", buffering=0)
        self._archive: zipfile.ZipFile | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}

    def __enter__(self) -> Zip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        if self._archive is not None:
            self._archive.close()

    def small(self, name: str, size: int, place: Place) -> bytes | None:
        """Return the bytes of a file that was listed with its place; None if they are not found just so."""
        named = name.encode()
        try:
            self._file.seek(place.offset)
            data = self._file.read(_HEADER.size + len(named) + _EXTRA + place.packed)
            signature, length, extra = _HEADER.unpack_from(data)
            start = _HEADER.size + length
            packed = data[start + extra : start + extra + place.packed]
            if signature != _SIGNATURE or data[_HEADER.size : start] != named:
                return None
            if place.method == zipfile.ZIP_DEFLATED:
                packed = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
        except (OSError, struct.error, zlib.error):
            return None
        return packed if len(packed) == size and zlib.crc32(packed) == place.crc else None

    def open(self, name: str) -> Opened:
        """Open a file as a stream.

        Raises:
            SourceError: the archive is damaged, or the file is missing, a link, locked, or a bomb.
        """
        if self._archive is None:
            with stream.damage(str(self._path)):
                self._archive = zipfile.ZipFile(self._path)
            self._infos = {_name(info): info for info in self._archive.infolist()}
        where = f"{self._path}#{name}"
        info = self._infos.get(name)
        if info is None:
            raise gone(self._path, [name])
        if _is_link(info):
            raise is_link(where)
        if info.flag_bits & _ENCRYPTED:
            raise SourceError(Fault(where, "an open file", "one locked by a password", BY_HAND))
        most = stream.allowed(info.compress_size, stream.MEMBER_LIMIT)
        if info.file_size > most:
            raise SourceError(stream.bomb(where, most))
        with stream.damage(where):
            file = self._archive.open(info)
        return Opened(name, file, where, info.file_size)


def _name(info: _Info) -> str:
    """Return an entry's cleaned name; without the UTF-8 flag zipfile takes it for cp437, which it seldom is."""
    name = info.filename
    if not info.flag_bits & UTF8 and not name.isascii():
        # A name that is no cp437 came from the Unicode extra field and is right as it is.
        with suppress(UnicodeEncodeError):
            name = names.decode(name.encode("cp437"), "cp437")
    return names.clean(name)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
