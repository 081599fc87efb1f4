"""Streams that end in one clear error: damaged bytes and decompression bombs become a `SourceError`."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from taiyi_corpus.errors import Fault, SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Text and annotation files compress 3 to 10 times, tables of repeated labels up to 50 times; deflate cannot pass
# 1032 times. 200 lies well above any honest corpus and well below a bomb.
RATIO_LIMIT = 200
# A few kilobytes of blanks compress any number of times and do no harm: below this size no ratio is asked for.
SIZE_FLOOR = 64 << 20
# Whatever the ratio: the largest member of the known corpora is under 10 GB, the largest archive 25 GB.
MEMBER_LIMIT = 16 << 30
TOTAL_LIMIT = 64 << 30
# Each entry costs memory when an archive is listed; the largest known corpus has under 100,000 files.
COUNT_LIMIT = 2_000_000

_BUFFER = 1 << 18
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, OSError)
_UNREADABLE = (*_DAMAGE, RuntimeError, NotImplementedError, ValueError)


def allowed(packed_size: int, limit: int) -> int:
    """Return how many bytes may come out of `packed_size` bytes: the ratio above the floor, `limit` at most."""
    return min(max(SIZE_FLOOR, RATIO_LIMIT * packed_size), limit)


def bomb(where: str, limit: int) -> Fault:
    """Return the fault of a source that gives more bytes than it may."""
    return Fault(
        where,
        f"at most {limit:,} bytes when decompressed",
        "more than that",
        "It looks like a decompression bomb; if you trust it, unpack it by hand.",
    )


@contextmanager
def damage(where: str) -> Iterator[None]:
    """Turn whatever a damaged, encrypted or unreadable file raises into one `SourceError`."""
    try:
        yield
    except _UNREADABLE as error:
        raise SourceError(
            Fault(
                where,
                "a whole, readable file",
                f"{type(error).__name__}: {error}",
                "It may be cut short or damaged: get it again.",
            )
        ) from error


class Guarded(io.RawIOBase):
    """A raw stream that gives at most `limit` bytes and closes what it holds open."""

    def __init__(self, source: IO[bytes], where: str, limit: int, held: ExitStack) -> None:
        super().__init__()
        self._source, self._where, self._limit, self._held = source, where, limit, held
        self._given = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` with the next bytes and return how many there were."""
        view = memoryview(buffer).cast("B")
        with damage(self._where):
            piece = self._source.read(len(view))
        view[: len(piece)] = piece
        self._given += len(piece)
        if self._given > self._limit:
            raise SourceError(bomb(self._where, self._limit))
        return len(piece)

    def close(self) -> None:
        """Close the stream and what it holds open."""
        if not self.closed:
            self._held.close()
        super().close()


def guarded(source: IO[bytes], where: str, limit: int, held: ExitStack) -> BinaryIO:
    """Return `source` as a buffered stream that keeps `limit` and raises nothing but `SourceError`."""
    return cast(BinaryIO, io.BufferedReader(Guarded(source, where, limit, held), _BUFFER))


def decompressed(file: IO[bytes], name: str) -> IO[bytes]:
    """Return the bytes of `file`, decompressed as the suffix of `name` says; as they are for any other suffix."""
    lower = name.lower()
    if lower.endswith((".gz", ".tgz")):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    if lower.endswith((".bz2", ".tbz2")):
        return bz2.BZ2File(file)
    if lower.endswith((".xz", ".txz")):
        return lzma.LZMAFile(file)
    return file


def open_packed(path: Path, where: str, limit: int) -> BinaryIO:
    """Open a file on disk, decompressed as its suffix says, with all limits kept."""
    with damage(where), ExitStack() as held:
        file = held.enter_context(path.open("rb"))
        most = allowed(path.stat().st_size, limit)
        source = decompressed(file, path.name)
        held.callback(source.close)
        return guarded(source, where, most, held.pop_all())
