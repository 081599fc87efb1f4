"""What no reader reads in place: .rar files, and archives that want to do harm from inside another."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.fetch.unfold import unfold
from taiyi_corpus.sources import stream
from taiyi_corpus.sources.find import members

from .rar import rar


def unfolded(tmp_path: Path, body: bytes) -> dict[str, bytes]:
    raw, into = tmp_path / "raw", tmp_path / "into"
    raw.mkdir()
    into.mkdir()
    (raw / "Toy.rar").write_bytes(body)
    result = {}
    for member in unfold(members(raw), into):
        with member.open() as file:
            result[member.path] = file.read()
    return result


def test_a_rar_is_unpacked(tmp_path: Path) -> None:
    assert unfolded(tmp_path, rar({"Toy/a.txt": b"one", "Toy/b/c.txt": b"two"})) == {
        "Toy/a.txt": b"one",
        "Toy/b/c.txt": b"two",
    }


def test_a_rar_without_a_folder_inside_gets_one_of_its_name(tmp_path: Path) -> None:
    assert unfolded(tmp_path, rar({"a.txt": b"one", "b.txt": b""})) == {
        "Toy/a.txt": b"one",
        "Toy/b.txt": b"",
    }


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "x/../../a.txt", "..\\a.txt"])
def test_a_rar_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="leads out"):
        unfolded(tmp_path, rar({"good.txt": b"", name: b"bad"}))
    assert not list((tmp_path / "into").rglob("*.txt"))


def test_a_link_in_a_rar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="found a link"):
        unfolded(tmp_path, rar({"passwd": b"/etc/passwd"}, link=True))


def test_a_rar_that_grows_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SIZE_FLOOR", 10)
    monkeypatch.setattr(stream, "RATIO_LIMIT", 0)
    with pytest.raises(SourceError, match="decompression bomb"):
        unfolded(tmp_path, rar({"a.txt": b"0" * 1000}))


def test_a_damaged_rar_is_named(tmp_path: Path) -> None:
    body = rar({"a.txt": b"one two three"})
    with pytest.raises(SourceError, match=r"Toy\.rar"):
        unfolded(tmp_path, body.replace(b"two", b"2wo"))
    assert "Traceback" not in body.decode("latin-1")


def test_without_a_tool_a_packed_rar_is_refused_in_clear_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    import rarfile

    monkeypatch.setattr(rarfile, "CURRENT_SETUP", None)
    with pytest.raises(SourceError, match="Install unrar, unar, 7z or bsdtar"):
        unfolded(tmp_path, rar({"a.txt": b"one two three"}, packed=True))
