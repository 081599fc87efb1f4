"""Kept results: as they were, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus import kept


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept.write(tmp_path / "a" / "b", b"data")

    assert kept.read(tmp_path / "a" / "b") == b"data"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_nothing_kept_is_none(tmp_path: Path) -> None:
    assert kept.read(tmp_path / "none") is None


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"\0" + b[1:], lambda b: b + b"x", lambda b: b""]
)
def test_damage_is_noticed(tmp_path: Path, damage: object) -> None:
    kept.write(tmp_path / "x", b"data")
    (tmp_path / "x").write_bytes(damage((tmp_path / "x").read_bytes()))  # type: ignore[operator]

    assert kept.read(tmp_path / "x") is None


def test_keys_tell_values_apart() -> None:
    assert kept.key("a", "b") != kept.key("ab") != kept.key(["a", "b"])
    assert kept.key(1, b"x") == kept.key(1, b"x")
