"""The directory of a zip, read in one go: zipfile makes a large object of each of what may be tens of thousands.

    zip        = files directory [zip64 end, zip64 locator] end
    directory  = (46 bytes, name, extra field, comment)*

Only a plain zip is read here; of any other, broken ones among them, zipfile knows what to make.
"""

from __future__ import annotations

import stat
import struct
from pathlib import Path

from msgspec import Struct

UTF8 = 0x800  # flag of a name in UTF-8
_END = struct.Struct("<4s6xHLLH")  # signature, entries, bytes, start, bytes of a comment
_END64 = struct.Struct("<4s28xQQQ")  # signature, entries, bytes, start
_LOCATOR = struct.Struct("<4s16x")
_ENTRY = struct.Struct("<4s2x3H4x3L3H4x2L")
_VERSION = 63  # of the format, as far as zipfile knows it
_ELSEWHERE = 0xFFFFFFFF  # a number that stands in the extra field


class Listed(Struct, frozen=True, gc=False):
    """An entry; fields have the names they have in zipfile."""

    filename: str
    flag_bits: int
    compress_type: int
    CRC: int
    compress_size: int
    file_size: int
    external_attr: int
    header_offset: int


def listed(path: Path) -> list[Listed] | None:
    """Return what a zip lists; None if it is not plain: damaged, with a comment, links or names of unknown encoding."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        ends = min(size, _END64.size + _LOCATOR.size + _END.size)
        file.seek(size - ends)
        data = file.read()
        if ends < _END.size:
            return None
        signature, count, length, start, comment = _END.unpack_from(data, ends - _END.size)
        if signature != b"PK\x05\x06" or comment:
            return None
        after = size - _END.size
        if data[-_END.size - _LOCATOR.size :].startswith(b"PK\x06\x07"):
            if len(data) < _END64.size + _LOCATOR.size + _END.size:
                return None
            signature, count, length, start = _END64.unpack_from(data)
            if signature != b"PK\x06\x06":
                return None
            after = size - ends
        if start + length != after:
            return None
        file.seek(start)
        data = file.read(length)
    try:
        return _entries(data, count)
    except (struct.error, UnicodeDecodeError):
        return None


def _entries(data: bytes, count: int) -> list[Listed] | None:
    found: list[Listed] = []
    at = 0
    for _ in range(count):
        (
            signature, version, flags, method, crc, packed, size, named, extra, comment, attributes, offset,
        ) = _ENTRY.unpack_from(data, at)  # fmt: skip
        start = at + _ENTRY.size
        name = data[start : start + named]
        at = start + named + extra + comment
        if (
            signature != b"PK\x01\x02"
            or version > _VERSION
            or _ELSEWHERE in (packed, size, offset)
            or b"\0" in name
            or stat.S_ISLNK(attributes >> 16)
        ):
            return None
        text = name.decode("utf-8" if flags & UTF8 else "ascii")
        found.append(Listed(text, flags, method, crc, packed, size, attributes, offset))
    return found if at == len(data) else None
