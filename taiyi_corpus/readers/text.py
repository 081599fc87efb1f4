"""Whole texts: every file is a row, and its name is the key.

`texts/pos/10231.txt` becomes `{"stem": "10231", "folder": "pos", "name": "10231.txt", "text": "..."}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.archive import iter_open
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member], *, encoding: str = "utf-8", suffix: str | None = None
) -> Iterator[Row | BadRow]:
    """Read a row from each file; line ends stay as they are, so that offsets hold.

    Args:
        members: the files, in order.
        encoding: encoding of the files.
        suffix: pass over files whose name does not end in it (".txt").
    """
    wanted = [m for m in members if suffix is None or m.path.endswith(suffix)]
    for member, binary in iter_open(wanted):
        path = PurePosixPath(member.path)
        with open_text(member, encoding, binary=binary, newline="") as file:
            text = file.read()
        data = {"stem": path.stem, "folder": path.parent.name, "name": path.name, "text": text}
        yield Row(member.path, path.stem, data)
