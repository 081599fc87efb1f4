from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import InputError

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (paths.CACHE, paths.DATA, paths.REGISTRY):
        monkeypatch.delenv(variable, raising=False)


def test_the_cache_is_the_named_folder_else_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_platform = Path(platformdirs.user_cache_dir("taiyi-corpus", appauthor=False))
    assert paths.cache_dir() == of_the_platform
    monkeypatch.setenv(paths.CACHE, "")
    assert paths.cache_dir() == of_the_platform
    monkeypatch.setenv(paths.CACHE, "here")
    assert paths.cache_dir() == Path("here")


def test_raw_data_is_where_it_is_said_to_be_else_in_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(paths.CACHE, "cache")
    assert paths.data_dir() == Path("cache/data")
    monkeypatch.setenv(paths.DATA, "~/raw")
    assert paths.data_dir() == Path.home() / "raw"
    assert paths.data_dir(Path("said")) == Path("said")


@pytest.mark.parametrize("kind", ["registry", "templates"])
def test_shipped_folders_lie_beside_the_package_in_a_checkout(kind: str) -> None:
    assert paths.bundled(kind) == ROOT / kind  # type: ignore[arg-type]


def test_shipped_folders_lie_inside_the_package_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "taiyi_corpus"
    (package / "_data" / "templates").mkdir(parents=True)
    (tmp_path / "templates").mkdir()  # somebody else's, in the same site-packages
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.bundled("templates") == package / "_data" / "templates"
    with pytest.raises(InputError, match="Install taiyi-corpus again"):
        paths.bundled("registry")


def test_registries_are_the_bundled_one_then_the_variables_then_the_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = (tmp_path / name for name in "abc")
    for folder in (a, b, c):
        folder.mkdir()
    monkeypatch.setenv(paths.REGISTRY, os.pathsep.join([str(b), "", str(a)]))
    assert paths.registry_dirs([c]) == [ROOT / "registry", b, a, c]


def test_registries_that_are_not_there_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.REGISTRY, str(tmp_path / "gone"))
    with pytest.raises(InputError) as caught:
        paths.registry_dirs([tmp_path, tmp_path / "lost"])
    assert [fault.where for fault in caught.value.faults] == [paths.REGISTRY, "--registry"]
