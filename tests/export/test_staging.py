"""An output folder is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.export.staging import staging


def test_what_is_written_takes_its_place_when_the_block_ends(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with staging(out) as work:
        (work / "a").write_text("1")
        assert not out.exists()
        assert work.parent == out.parent and work.name.startswith(".")

    assert (out / "a").read_text() == "1"
    assert list(out.parent.iterdir()) == [out]


def test_a_former_folder_is_replaced_whole(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with staging(tmp_path / "out") as work:
            (work / name).write_text(name)

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_former_folder_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    with staging(tmp_path / "out") as work:
        (work / "a").write_text("1")
    with pytest.raises(error), staging(tmp_path / "out") as work:
        (work / "b").write_text("2")
        raise error

    assert [path.name for path in tmp_path.rglob("*")] == ["out", "a"]


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".out.building").mkdir()
    (tmp_path / ".out.building" / "half").write_text("x")
    with staging(tmp_path / "out") as work:
        (work / "a").write_text("1")

    assert [path.name for path in tmp_path.rglob("*")] == ["out", "a"]


def test_a_folder_that_cannot_be_swapped_in_leaves_the_former(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staging(tmp_path / "out") as work:
        (work / "a").write_text("1")
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == ".out.building":
            raise OSError("the disk is gone")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="the disk is gone"), staging(tmp_path / "out"):
        pass

    assert (tmp_path / "out" / "a").read_text() == "1"
