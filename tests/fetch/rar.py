"""Writes .rar files (version 3, method "stored"): nobody but its maker sells a tool that does."""

from __future__ import annotations

import binascii
import struct

_MARK = b"Rar!\x1a\x07\x00"
_STORED, _NORMAL = 0x30, 0x33


def _block(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", binascii.crc32(body) & 0xFFFF) + body


def rar(files: dict[str, bytes], *, packed: bool = False, link: bool = False) -> bytes:
    """Return the bytes of a .rar; `packed` claims a method that only a tool can read."""
    blocks = [_MARK, _block(0x73, 0, b"\0" * 6)]
    for name, body in files.items():
        raw = name.encode()
        unix, mode = 3, 0o120777 if link else 0o100644
        head = struct.pack(
            "<LLBLLBBHL", len(body), len(body), unix, binascii.crc32(body), 0x5A210000, 29,
            _NORMAL if packed else _STORED, len(raw), mode,
        )  # fmt: skip
        blocks += [_block(0x74, 0x8000, head + raw), body]
    return b"".join([*blocks, _block(0x7B, 0x4000, b"")])
