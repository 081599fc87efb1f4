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


class Source:
    """Bytes of a file, by the block or by the line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held, self._at = b"", 0  # bytes that were read, and where the next one is
        self._before = 0  # bytes before those

    @property
    def place(self) -> int:
        """How many bytes were taken."""
        return self._before + self._at

    def block(self, size: int) -> bytes:
        """Look at the next bytes: `size` of them, fewer at the end."""
        self._before += self._at
        self._held, self._at = self._held[self._at :], 0
        if len(self._held) < size:
            self._held += self._stream.read(size - len(self._held))
        return self._held

    def lines(self, size: int) -> bytes:
        """Look at the next whole lines: about `size` bytes, more if a line is longer."""
        while len(block := self.block(size)) >= size:
            if end := block.rfind(b"\n") + 1:
                return block[:end]
            size *= 2
        return block

    def take(self, size: int) -> None:
        """Step over bytes that were looked at."""
        self._at += size

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        end = self._held.find(b"\n", self._at) + 1
        line = self._held[self._at : end or None]
        self._at = end or len(self._held)
        if not end:
            rest = self._stream.readline()
            line += rest
            self._before += len(rest)
        if not line:
            raise StopIteration
        return line
