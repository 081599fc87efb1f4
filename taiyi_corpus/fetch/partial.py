"""What is there of a download under way, and whether it may be continued."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Known(msgspec.Struct, frozen=True):
    """What is known of a file before it is here: from the registry, the lock file, or an earlier download."""

    sha256: str | None = None
    size: int | None = None


class Note(msgspec.Struct, frozen=True):
    """What the server said of the bytes that are there."""

    url: str
    validator: str = ""  # strong ETag or Last-Modified: names the version that the bytes are of
    total: int | None = None


class Partial:
    """The bytes of one file that have come so far, and beside them what the server said of them."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._note = file.with_name(f"{file.name}.json")

    @property
    def size(self) -> int:
        """How many bytes are there."""
        return self.file.stat().st_size if self.file.is_file() else 0

    @property
    def note(self) -> Note | None:
        """What the server said, None if nothing is there."""
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Note)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def begin(self, note: Note) -> None:
        """Start from nothing."""
        self.drop()
        self._note.write_bytes(msgspec.json.encode(note))

    def drop(self) -> None:
        """Forget what is there."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def usable(self, url: str, known: Known) -> int:
        """Return how many bytes may be kept; what may not is dropped.

        Bytes of a known hash may be put together from anywhere, for the hash tells in the end. Otherwise they must be
        of the same address and of a version that has a name, so that the server can say whether it is still that one.
        """
        note, size = self.note, self.size
        limit = known.size if known.size is not None else note.total if note else None
        kept = size > 0 and (limit is None or size <= limit)
        if kept and known.sha256 is None:
            kept = note is not None and note.url == url and note.validator != ""
        if not kept:
            self.drop()
        return size if kept else 0
