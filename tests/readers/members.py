"""Files as readers see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.sources.member import Member

MakeMember = Callable[..., Member]


def make_member(folder: Path, content: bytes | str, path: str = "a.txt") -> Member:
    """Write a file into `folder` and return it as a member; text is written as UTF-8, line ends untouched."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Member(path=path, file=file, inner="" if path.endswith(".gz") else None)


def good(rows: Iterator[Row | BadRow]) -> list[Row]:
    """Return all rows, none of which may be broken."""
    found = list(rows)
    assert not [row for row in found if isinstance(row, BadRow)]
    return [row for row in found if isinstance(row, Row)]


def data(rows: Iterator[Row | BadRow]) -> list[dict[str, object]]:
    """Return the data of all rows, none of which may be broken."""
    return [row.data for row in good(rows)]
