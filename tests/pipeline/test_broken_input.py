"""Broken sources: one clear error for each, all at once, and nothing half-written."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from tests.pipeline.world import SPECS, World, make_world

ROW = json.dumps({"q": "Why?", "a": "So."}).encode() + b"\n"
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<collection><source>x</source><date>x</date><key>x</key><document><id>1</id>
<passage><offset>0</offset><text>&c;</text></passage></document></collection>
"""


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("UP", "..") + ".jsonl", data)
    return stream.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


XML = {
    "reader": {"format": "bioc_xml"},
    "splits": {"train": {"sources": [{"files": ["train.xml"]}]}},
    "map": {},
}
JSON = {
    "reader": {"format": "json"},
    "splits": {"train": {"sources": [{"files": ["train.json"]}]}},
}
CUT = BOMB[BOMB.index(b"<collection>") : -20].replace(b"&c;", b"x")
BROKEN: dict[str, tuple[str, bytes, dict[str, Any], str]] = {
    "a truncated zip": ("train.zip", zipped(train=ROW * 500)[:-60], {}, r"train\.zip"),
    "a truncated tar": ("train.tar.gz", tarred("train.jsonl", ROW * 5000)[:-40], {}, r"train\.tar\.gz"),
    "a truncated gzip": ("train.jsonl.gz", gzip.compress(ROW * 500)[:-9], {}, r"train\.jsonl"),
    "a zip that leaves its folder": ("train.zip", zipped(train=ROW, UP__evil=ROW), {}, r"\.\./evil\.jsonl"),
    "a tar that leaves its folder": ("train.tar.gz", tarred("../../train.jsonl", ROW), {}, r"\.\./\.\./train\.jsonl"),
    "a document in another encoding": ("train.json", '[{"q": "问"}]'.encode("gbk"), JSON, r"train\.json.*utf-8"),
    "an XML entity bomb": ("train.xml", BOMB, XML, r"train\.xml.*entit"),
    "XML cut off": ("train.xml", CUT, XML, r"train\.xml.*well-formed"),
}  # fmt: skip


def world_with(folder: Path, name: str, data: bytes, spec: dict[str, Any]) -> World:
    """A world whose dataset `questions` has this file alone."""
    world = make_world(folder, SPECS | {"questions": SPECS["questions"] | spec})
    (world.data / "questions" / "train.jsonl").unlink()
    (world.data / "questions" / name).write_bytes(data)
    return world


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_clear_error_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    name, data, spec, place = BROKEN[kind]
    world = world_with(tmp_path / "world", name, data, spec)
    with pytest.raises(InputError, match=place) as error:
        world.build(tmp_path / "out")

    (fault,) = error.value.faults
    assert fault.where and fault.wanted and fault.found
    assert [path.name for path in tmp_path.iterdir()] == ["world"]
    assert not any("evil" in path.name for path in tmp_path.rglob("*"))


def test_lines_in_another_encoding_are_an_error_or_each_in_the_ledger(tmp_path: Path) -> None:
    data = ROW + '{"q": "问", "a": "答"}\n'.encode("gbk") + ROW.replace(b"Why", b"How")
    world = world_with(tmp_path / "world", "train.jsonl", data, {})
    try:
        made = world.build(tmp_path / "out")
    except InputError as error:
        assert "train.jsonl" in str(error)
        assert not (tmp_path / "out").exists()
    else:
        (funnel,) = [f for f in made.counts if f.dataset == "questions"]
        assert (funnel.rows, funnel.records) == (3, 2)
        assert funnel.dropped == {"read.row_malformed": 1}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_broken_files_of_all_datasets_are_named_at_once(tmp_path: Path, workers: int) -> None:
    world = make_world(tmp_path / "world")
    for id_ in ("questions", "mentions"):
        file = world.data / id_ / "train.jsonl"
        file.with_name("train.jsonl.gz").write_bytes(gzip.compress(file.read_bytes())[:-9])
        file.unlink()
    with pytest.raises(InputError) as error:
        world.build(tmp_path / "out", workers=workers)

    assert len(error.value.faults) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_dataset_asked_for_by_name_says_what_is_missing_where_and_how_to_get_it(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path / "world")
    (world.data / "questions" / "train.jsonl").unlink()
    with pytest.raises(InputError) as error:
        world.build(tmp_path / "out", named=["questions"])

    (fault,) = error.value.faults
    assert "train.jsonl" in fault.wanted
    assert str(world.data / "questions") in fault.found
    assert "Ask Jane Doe." in fault.hint


def test_a_broken_dataset_leaves_the_cache_of_the_others_whole(tmp_path: Path) -> None:
    name, data, spec, _ = BROKEN["a truncated gzip"]
    world = world_with(tmp_path / "world", name, data, spec)
    for _ in range(2):
        with pytest.raises(InputError):
            world.build(tmp_path / "out")
    (world.data / "questions" / name).write_bytes(gzip.compress(ROW))

    assert world.build(tmp_path / "out").chosen["general"] == 1
