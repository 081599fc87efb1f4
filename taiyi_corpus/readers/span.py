"""A slice of one file, and its bytes as a stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from msgspec import Struct

from taiyi_corpus.sources.member import Member

_PIECE = 1 << 20


class Cut(Struct, frozen=True):
    """A slice of a file, and what comes before it: bytes, lines, rows."""

    start: int
    end: int
    line: int
    row: int


@contextmanager
def opened_bytes(member: Member, cut: Cut | None) -> Iterator[BinaryIO]:
    """Open a file, or a slice of it; of what is packed, all that lies before it is unpacked and left."""
    with member.open() as stream:
        if cut is None:
            yield stream
            return
        if member.inner is None:
            stream.seek(cut.start)
        else:
            left = cut.start
            while left and (piece := stream.read(min(left, _PIECE))):
                left -= len(piece)
        yield io.BufferedReader(Chain([(stream, cut.end - cut.start)]), _PIECE)


class Chain(io.RawIOBase):
    """Streams one after another, of each the next so many bytes."""

    def __init__(self, streams: list[tuple[BinaryIO, int]]) -> None:
        self._streams = streams

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; 0 at the end."""
        while self._streams:
            stream, left = self._streams[0]
            piece = stream.read(min(left, len(buffer)))
            buffer[: len(piece)] = piece
            if piece:
                self._streams[0] = (stream, left - len(piece))
                return len(piece)
            self._streams.pop(0)
        return 0
