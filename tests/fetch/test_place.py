"""Files got by hand: whatever their layout, they end where the dataset's patterns find them."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.fetch.blobs import Blobs
from taiyi_corpus.fetch.partial import Known
from taiyi_corpus.fetch.place import Placed, place
from taiyi_corpus.spec.dataset import DatasetSpec

from .specs import spec

ROW = b'{"text": "A cough.", "label": "yes"}\n'
TOY = spec(splits={"train": ["Toy/data/train.jsonl"], "test": ["Toy/data/test.jsonl"]})


class Desk:
    """A download folder, a data folder and a cache."""

    def __init__(self, root: Path) -> None:
        self.down, self.folder, self.blobs = root / "down", root / "data" / "toy", Blobs(root / "c")
        self.down.mkdir()

    def put(self, *names: str, body: bytes = ROW) -> None:
        for name in names:
            path = self.down / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    def zip(self, name: str, files: dict[str, bytes]) -> Path:
        path = self.down / name
        with zipfile.ZipFile(path, "w") as archive:
            for inner, body in files.items():
                archive.writestr(inner, body)
        return path

    def place(self, *paths: Path, toy: DatasetSpec = TOY, **known: Known) -> Placed:
        return place(toy, paths, self.folder, self.blobs, known)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        ("Toy", "Toy/data"),  # as it is meant
        ("Toy-main", "Toy-main/data"),  # renamed
        ("Downloads", "Downloads/Toy/data"),  # one folder more
        ("data", "data"),  # one folder less
    ],
)
def test_a_folder_is_recognised(desk: Desk, given: str, prefix: str) -> None:
    desk.put(f"{prefix}/train.jsonl", f"{prefix}/test.jsonl", f"{given}/holiday.jpg")
    placed = desk.place(desk.down / given)
    assert placed.located.state == "ready"
    assert len(placed.filed) == 2
    assert not list(desk.folder.rglob("*.jpg"))


def test_a_folder_with_nothing_of_the_dataset_is_not_filed(desk: Desk) -> None:
    desk.put("Downloads/x/data/train.jsonl", "Downloads/holiday.jpg")
    with pytest.raises(InputError, match="files of toy that are not there yet"):
        desk.place(desk.down / "Downloads")
    assert not desk.folder.exists()


@pytest.mark.parametrize("inner", ["Toy/data/", "data/", "Toy-main/Toy/data/"])
@pytest.mark.parametrize("name", ["Toy.zip", "download (1).zip"])
def test_an_archive_is_recognised_and_stays_packed(desk: Desk, inner: str, name: str) -> None:
    path = desk.zip(name, {f"{inner}{split}.jsonl": ROW for split in ("train", "test")})
    placed = desk.place(path)
    assert placed.located.state == "ready"
    assert [Path(file).name for file in placed.filed] == [name]
    assert path.exists()


def test_a_renamed_archive_without_a_folder_inside_is_recognised(desk: Desk) -> None:
    toy = spec(splits={"train": ["Toy/train.jsonl"], "test": ["Toy/dev/test.jsonl"]})
    path = desk.zip("export.zip", {"train.jsonl": ROW, "dev/test.jsonl": ROW})
    assert desk.place(path, toy=toy).located.state == "ready"


def test_single_files_are_recognised_together(desk: Desk) -> None:
    toy = spec(splits={"train": ["train.jsonl"], "test": ["test.jsonl"]})
    desk.put("train.jsonl", "test.jsonl")
    placed = desk.place(desk.down / "train.jsonl", desk.down / "test.jsonl", toy=toy)
    assert placed.filed == ["test.jsonl", "train.jsonl"]


def test_what_is_missing_is_said_and_may_come_later(desk: Desk) -> None:
    toy = spec(splits={"train": ["train.jsonl"], "test": ["test.jsonl"]})
    desk.put("train.jsonl", "test.jsonl")
    placed = desk.place(desk.down / "train.jsonl", toy=toy)
    assert (placed.located.state, placed.located.missing) == ("partial", ["test: test.jsonl"])
    assert desk.place(desk.down / "test.jsonl", toy=toy).located.state == "ready"


def test_a_pattern_may_be_placed_file_by_file_but_no_file_twice(desk: Desk) -> None:
    toy = spec(splits={"train": ["**/*.jsonl"]})
    desk.put("a.jsonl", "b.jsonl", "again/a.jsonl")
    desk.put("b.jsonl", body=ROW * 2)
    desk.place(desk.down / "a.jsonl", toy=toy)
    assert desk.place(desk.down / "b.jsonl", toy=toy).filed == ["b.jsonl"]
    with pytest.raises(InputError, match="not there yet"):
        desk.place(desk.down / "again", toy=toy)


def test_folders_that_tell_splits_apart_are_not_guessed(desk: Desk) -> None:
    toy = spec(splits={"train": ["train/*.jsonl"], "test": ["test/*.jsonl"]})
    desk.put("somewhere/a.jsonl")
    with pytest.raises(InputError, match="not there yet"):
        desk.place(desk.down / "somewhere", toy=toy)
    assert not desk.folder.exists()


def test_a_file_is_known_by_its_bytes(desk: Desk) -> None:
    toy = spec(splits={"train": ["raw/train.jsonl"]})
    desk.put("train (3).jsonl")
    sha = hashlib.sha256(ROW).hexdigest()
    placed = desk.place(desk.down / "train (3).jsonl", toy=toy, **{"raw/train.jsonl": Known(sha)})
    assert placed.filed == ["raw/train.jsonl"]


def test_other_bytes_than_are_known_are_refused(desk: Desk) -> None:
    toy = spec(splits={"train": ["train.jsonl"]})
    desk.put("train.jsonl", body=ROW + b"\n")
    for known in (Known("0" * 64), Known(size=len(ROW))):
        with pytest.raises(InputError) as caught:
            desk.place(desk.down / "train.jsonl", toy=toy, **{"train.jsonl": known})
        assert caught.value.faults[0].where == str(desk.down / "train.jsonl")
        assert not desk.folder.exists()


def test_a_file_that_is_there_is_not_overwritten(desk: Desk) -> None:
    desk.put("all/a.jsonl", "all/test/b.jsonl")
    desk.folder.mkdir(parents=True)
    (desk.folder / "a.jsonl").write_bytes(b"mine")
    toy = spec(splits={"train": ["a.jsonl"], "test": ["test/b.jsonl"]})
    desk.place(desk.down / "all", toy=toy)
    assert (desk.folder / "a.jsonl").read_bytes() == b"mine"


def test_what_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(InputError) as caught:
        desk.place(desk.down / "a", desk.down / "b")
    assert len(caught.value.faults) == 2


def test_an_archive_nobody_reads_is_refused_in_clear_words(desk: Desk) -> None:
    desk.put("Toy.7z")
    with pytest.raises(InputError, match="Unpack it by hand"):
        desk.place(desk.down / "Toy.7z")


def test_a_later_change_of_the_users_file_does_not_reach_the_cache(desk: Desk) -> None:
    toy = spec(splits={"train": ["train.jsonl"]})
    desk.put("train.jsonl")
    desk.place(desk.down / "train.jsonl", toy=toy)
    desk.put("train.jsonl", body=b"changed")
    assert (desk.folder / "train.jsonl").read_bytes() == ROW


def test_archives_in_an_archive_are_laid_bare(desk: Desk) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as archive:
        for split in ("train", "test"):
            info = tarfile.TarInfo(f"data/{split}.jsonl")
            info.size = len(ROW)
            archive.addfile(info, io.BytesIO(ROW))
    path = desk.zip("everything.zip", {"all/Toy.tar.gz": inner.getvalue(), "all/read.me": b"-"})
    placed = desk.place(path)
    assert placed.located.state == "ready"
    assert placed.filed == ["all/Toy.tar.gz"]


@pytest.mark.parametrize("name", ["../out.jsonl", "/etc/out.jsonl", "a/../../train.jsonl"])
def test_an_archive_that_leads_out_is_refused(desk: Desk, name: str) -> None:
    path = desk.zip("Toy.zip", {name: ROW, "Toy/data/train.jsonl": ROW})
    with pytest.raises(SourceError, match="one that leads out"):
        desk.place(path)
    assert not desk.folder.exists()


def test_an_inner_archive_that_leads_out_is_refused(desk: Desk) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("../../train.jsonl", ROW)
    path = desk.zip("outer.zip", {"inner.zip": inner.getvalue()})
    with pytest.raises(SourceError, match="one that leads out"):
        desk.place(path)
    assert not desk.folder.exists()


def test_chinese_names_of_a_gbk_archive_are_found(desk: Desk) -> None:
    toy = spec(splits={"train": ["数据/训练.jsonl"]})
    plain = desk.zip("a.zip", {"AAAA/BBBB.jsonl": ROW}).read_bytes()
    raw = plain.replace(b"AAAA", "数据".encode("gbk")).replace(b"BBBB", "训练".encode("gbk"))
    desk.put("a.zip", body=raw)
    assert desk.place(desk.down / "a.zip", toy=toy).located.state == "ready"
