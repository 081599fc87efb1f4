"""A registry read before is recalled for as long as no file of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.errors import InputError
from taiyi_corpus.spec import registry
from taiyi_corpus.spec.registry import load_registry
from tests.tiny import FILES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    for name in ("effects", "drugs", "questions"):
        path = tmp_path / f"registry/en/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[f"registry/en/{name}.yaml"], encoding="utf-8")
    return tmp_path / "registry"


def test_what_is_recalled_is_what_was_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_registry([folder])
    monkeypatch.setattr(registry, "read_model", None)
    second = load_registry([folder])

    assert dict(second) == dict(first)
    assert [spec.model_dump_json() for spec in second.values()] == [
        spec.model_dump_json() for spec in first.values()
    ]


def test_the_bundled_registry_is_recalled_to_the_letter() -> None:
    dirs = [paths.bundled("registry")]
    load_registry(dirs)
    recalled = load_registry(dirs)

    assert recalled == load_registry(dirs, list(recalled))


def test_a_changed_file_is_read_again(folder: Path) -> None:
    load_registry([folder])
    path = folder / "en" / "effects.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: Effects", "name: Side Effects"))

    assert load_registry([folder])["effects"].name == "Side Effects"


def test_a_new_file_is_read(folder: Path) -> None:
    load_registry([folder])
    text = (folder / "en" / "effects.yaml").read_text(encoding="utf-8")
    (folder / "zh").mkdir()
    (folder / "zh" / "more.yaml").write_text(text.replace("id: effects", "id: more"))

    assert "more" in load_registry([folder])


def test_a_fault_is_told_each_time(folder: Path) -> None:
    load_registry([folder])
    (folder / "en" / "effects.yaml").write_text("id: effects\n")
    for _ in range(2):
        with pytest.raises(InputError):
            load_registry([folder])
