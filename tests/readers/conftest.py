from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from taiyi_corpus.sources.member import Member

Place = Callable[[dict[str, str | bytes]], list[Member]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Write files, by path below a dataset's folder, and return them as members in the order given."""

    def write(files: dict[str, str | bytes]) -> list[Member]:
        found = []
        for path, content in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            # As bytes, so that no line end is translated.
            file.write_bytes(content.encode() if isinstance(content, str) else content)
            found.append(Member(path, file, None, file.stat().st_size))
        return found

    return write
