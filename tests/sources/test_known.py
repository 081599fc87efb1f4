"""Where a large dataset lies is remembered until a file of its folder changes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from taiyi_corpus.sources import known, stamps
from taiyi_corpus.sources.known import located
from taiyi_corpus.sources.locate import files_of, locate
from tests.toys import dataset

SPEC = dataset(splits={"train": {"sources": [{"files": ["set/*.jsonl"]}]}})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(known, "MANY", 3)
    monkeypatch.setattr(stamps, "_SETTLED", -(10**12))
    (tmp_path / "data").mkdir()
    pack(tmp_path / "data" / "set.zip", 3)
    return tmp_path


def pack(path: Path, count: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            archive.writestr(f"set/{number}.jsonl", "{}")


def twice(folder: Path) -> bool:
    """Whether the second look is from memory."""
    located(SPEC, folder / "data", folder / "cache")
    return located(SPEC, folder / "data", folder / "cache").files is not None


def test_of_what_is_remembered_the_files_on_disk_are_known(folder: Path) -> None:
    assert twice(folder)
    listed = locate(SPEC, folder / "data")
    found = located(SPEC, folder / "data", folder / "cache")

    assert files_of(found) == files_of(listed) == [folder / "data" / "set.zip"]
    assert (found.state, found.variant, list(found.splits)) == ("ready", None, ["train"])
    assert not any(found.splits.values())


def test_a_link_to_nothing_is_no_file(folder: Path) -> None:
    (folder / "data" / "link").symlink_to("nowhere")
    assert twice(folder)


@pytest.mark.parametrize("change", ["added", "changed", "removed"])
def test_a_folder_that_changed_is_looked_through(folder: Path, change: str) -> None:
    (folder / "data" / "readme").write_text("x")
    assert twice(folder)
    if change == "added":
        (folder / "data" / "more").write_text("x")
    elif change == "changed":
        pack(folder / "data" / "set.zip", 4)
    else:
        (folder / "data" / "readme").unlink()
    found = located(SPEC, folder / "data", folder / "cache")

    assert found.files is None
    assert len(found.splits["train"][0].members) == (4 if change == "changed" else 3)


def test_what_is_small_is_listed_again(folder: Path) -> None:
    pack(folder / "data" / "set.zip", 2)

    assert not twice(folder)


def test_a_file_touched_just_now_is_listed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "_SETTLED", 2 * 10**9)

    assert not twice(folder)


def test_a_folder_of_many_files_is_not_remembered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "_ON_DISK", 0)

    assert not twice(folder)


def test_another_entry_remembers_nothing_of_this_one(folder: Path) -> None:
    assert twice(folder)
    other = dataset(splits={"train": {"sources": [{"files": ["other/*.jsonl"]}]}})

    assert located(other, folder / "data", folder / "cache").state == "absent"


def test_a_dataset_that_is_not_there_is_absent(folder: Path) -> None:
    assert located(SPEC, None, folder / "cache").state == "absent"
    assert located(SPEC, folder / "nowhere", folder / "cache").state == "absent"
