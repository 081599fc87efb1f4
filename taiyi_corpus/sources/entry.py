"""What the kinds of archive have in common: an entry as listed, an entry as opened, and their faults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from msgspec import Struct

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.sources import names

BY_HAND = "Unpack it by hand beside the archive; the unpacked folder is found."


class Place(Struct, frozen=True, gc=False):
    """Where a small file stands in a zip, and what its bytes must come to."""

    offset: int  # of its header
    packed: int  # bytes, as they are packed
    method: int  # how they are packed
    crc: int


class Entry(Struct, frozen=True, gc=False):
    """A file or link as an archive lists it; `fault` says why the archive is not safe, if it is not."""

    name: str
    size: int
    fault: Fault | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file inside an archive, open: `size` is what the archive says, `where` is for errors."""

    name: str
    raw: IO[bytes]
    where: str
    size: int


def link_fault(path: Path, name: str, target: str, *, hard: bool) -> Fault | None:
    """Return the fault of a link that leads out of the archive."""
    if not names.link_escapes(name, target, hard=hard):
        return None
    return Fault(f"{path}#{name}", "links inside the archive", f"a link to {target!r}")


def is_link(where: str) -> SourceError:
    """Return the error of a link that is asked for as a file."""
    return SourceError(Fault(where, "a file", "a link", BY_HAND))


def gone(path: Path, inner: Iterable[str]) -> SourceError:
    """Return the error of names an archive does not hold."""
    return SourceError(
        Fault(f"{path}#{name}", "a file in the archive", "none of that name") for name in inner
    )
