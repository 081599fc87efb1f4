"""One readable file below a dataset's folder, on disk or inside an archive."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from taiyi_corpus.sources import archive
from taiyi_corpus.sources.entry import Place


class Member(Struct, frozen=True, gc=False):
    """A file: `path` is its virtual path below the dataset's folder, `file` the file on disk that holds it.

    `inner` is the member's name inside an archive, "" for the one stream of a .gz, None for a plain file. `size` is in
    bytes; of a lone .gz it is the compressed size, for the true one is only known by reading it all. `place` says where
    a small file of a zip stands, so that whoever is given it need not list the zip again.
    """

    path: str
    file: Path
    inner: str | None = None
    size: int = 0
    place: Place | None = None

    def open(self) -> BinaryIO:
        """Open the member's bytes, decompressed, as a stream; for many of them see `archive.iter_open`.

        Raises:
            SourceError: the file or archive is damaged or unreadable.
        """
        return archive.open_member(self)
