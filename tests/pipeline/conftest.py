"""A world to build from, and one build of it, each made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.export.manifest import Manifest
from tests.pipeline.world import World, make_world


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="package")
def built(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    out = tmp_path_factory.mktemp("built") / "world"
    return out, world.build(out)
