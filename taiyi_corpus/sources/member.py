"""One readable file below a dataset's folder, on disk or inside an archive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Member:
    """A file: `path` is its virtual path below the dataset's folder, `file` the file on disk that holds it.

    `inner` is the member's name inside an archive, "" for the one stream of a .gz, None for a plain file.
    """

    path: str
    file: Path
    inner: str | None = None
    size: int = 0

    def open(self) -> BinaryIO:
        """Open the member's bytes, decompressed, as a stream.

        Raises:
            SourceError: the file or archive is damaged or unreadable.
        """
        from taiyi_corpus.sources.archive import open_member

        return open_member(self)
