"""The bundled registry: every address can be fetched, and released files are recognised however they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import SourceError
from taiyi_corpus.fetch.addresses import check
from taiyi_corpus.fetch.blobs import Blobs
from taiyi_corpus.fetch.lock import Lock
from taiyi_corpus.fetch.one import known_of
from taiyi_corpus.fetch.place import place
from taiyi_corpus.sources.locate import files_of, locate
from taiyi_corpus.spec.registry import discover, load_registry

DIRS = [paths.bundled("registry")]


def test_every_address_can_be_fetched() -> None:
    for id_, spec in load_registry(DIRS).items():
        known_of(spec, Lock())
        for file in spec.source.files:
            for url in (file.url, *file.mirrors):
                assert check(id_, url) == []


@pytest.mark.parametrize("id_", sorted(discover(DIRS)))
@pytest.mark.parametrize("given", ["the folder", "what is in it"])
def test_released_files_are_recognised(
    data_dir: Path, tmp_path: Path, id_: str, given: str
) -> None:
    spec = load_registry(DIRS, [id_])[id_]
    try:
        there = locate(spec, data_dir / id_)
    except SourceError:
        pytest.skip("what lies there cannot be opened")
    if there.state == "absent":
        pytest.skip("nothing of it is there")
    found = [data_dir / id_] if given == "the folder" else sorted((data_dir / id_).iterdir())
    used = files_of(there)
    chosen = [path for path in found if any(file.is_relative_to(path) for file in used)]
    placed = place(spec, chosen, tmp_path / id_, Blobs(tmp_path / "cache"), {})
    assert (placed.located.state, placed.located.missing) == (there.state, there.missing)
