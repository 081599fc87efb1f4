from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taiyi_corpus.fetch.blobs import Blobs
from taiyi_corpus.fetch.download import Line, Patience
from taiyi_corpus.fetch.turns import Turns

from .site import Site, site


@pytest.fixture(scope="module")
def _server() -> Iterator[Site]:
    with site() as running:
        yield running


@pytest.fixture
def server(_server: Site) -> Site:
    """A server that serves nothing yet."""
    _server.files.clear()
    _server.requests.clear()
    _server.headers.clear()
    return _server


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """What downloads need, with a cache of its own and little patience; `line.waits` is in `sleep`."""
    made = Line(
        Blobs(tmp_path / "cache"),
        Patience(attempts=3, stall=0.3, first_wait=0.001, longest_wait=60),
        Turns(pause=0.0, sleep=lambda seconds: None),
        sleep=lambda seconds: None,
    )
    yield made
    made.http.close()
