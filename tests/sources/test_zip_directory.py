from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.sources.archive import list_archive
from taiyi_corpus.sources.zip_directory import Listed, listed
from tests.sources.make import make_zip

FILES = {"a/b.txt": b"one", "a/病历.txt": b"two" * 50, "a/": b"", "empty": b""}


def written(path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in FILES.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.extra, info.comment = b"UT\x05\x00\x01abcd", b"said of one file"
            archive.writestr(info, data)
    return path


def by_zipfile(path: Path) -> list[Listed]:
    with zipfile.ZipFile(path) as archive:
        return [
            Listed(*(getattr(info, field) for field in Listed.__struct_fields__))
            for info in archive.infolist()
        ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_plain_zip_is_listed_as_zipfile_lists_it(tmp_path: Path, method: int) -> None:
    path = written(tmp_path / "x.zip", method)
    found = listed(path)
    assert found == by_zipfile(path)
    assert found is not None and [one.filename for one in found] == list(FILES)


def test_a_zip_of_more_files_than_its_end_can_count_is_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        zipfile, "ZIP_FILECOUNT_LIMIT", 2
    )  # so that the end for large zips is there
    path = written(tmp_path / "x.zip")
    assert b"PK\x06\x07" in path.read_bytes()
    assert listed(path) == by_zipfile(path)


def test_an_empty_zip_lists_nothing(tmp_path: Path) -> None:
    assert listed(make_zip(tmp_path / "x.zip", {})) == []


def commented(path: Path) -> None:
    with zipfile.ZipFile(written(path), "a") as archive:
        archive.comment = b"said of all"


def linked(path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "b.txt")


def in_gbk(path: Path) -> None:
    make_zip(path, {"QQQQ.csv": b"1"})
    path.write_bytes(path.read_bytes().replace(b"QQQQ", "表格".encode("gbk")))


def preceded(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\n" + written(path).read_bytes())


def of_unknown_size(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w") as archive,
        archive.open("a.txt", "w", force_zip64=True) as file,
    ):
        file.write(b"one")
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    extra = b"\x01\x00\x10\x00" + (3).to_bytes(8, "little") * 2
    entry = data[at : at + 20] + b"\xff" * 8 + data[at + 28 : at + 30]
    entry += len(extra).to_bytes(2, "little") + data[at + 32 : at + 51] + extra
    end = data.index(b"PK\x05\x06")
    size = (len(entry)).to_bytes(4, "little")
    path.write_bytes(data[:at] + entry + data[end : end + 12] + size + data[end + 16 :])


@pytest.mark.parametrize("make", [commented, linked, in_gbk, preceded, of_unknown_size])
def test_what_is_not_plain_is_left_to_zipfile(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "x.zip"
    make(path)
    assert listed(path) is None
    with zipfile.ZipFile(path) as archive:
        sizes = {info.file_size for info in archive.infolist() if not info.is_dir()}
    assert {entry.size for entry in list_archive(path)} == sizes


def test_whatever_is_broken_is_an_error_or_lists_what_zipfile_lists(tmp_path: Path) -> None:
    rng, path = random.Random(3), tmp_path / "x.zip"
    whole = written(path).read_bytes()
    directory = whole.index(b"PK\x01\x02")
    for _ in range(300):
        data = bytearray(whole)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)) :]
        else:
            data[rng.randrange(directory, len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        if (found := listed(path)) is not None:
            try:
                expected = by_zipfile(path)
            except zipfile.BadZipFile:  # of an extra field, that nobody asks for
                continue
            assert found == expected
        else:
            try:
                list_archive(path)
            except SourceError as error:
                assert path.name in error.faults[0].where
