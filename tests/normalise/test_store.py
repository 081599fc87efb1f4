"""Normalised records on disk: read once, whole or not there, where the cache is now."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.normalise import fingerprints, parts, store
from taiyi_corpus.normalise.store import Job, StoredDataset, normalise_dataset, read_part
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.sources import stamps
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.dataset import DatasetSpec
from tests.toys import dataset

SPEC = dataset(map={"id": "id", "text": "text"})


def stored(folder: Path, spec: DatasetSpec = SPEC, cache: str = "cache") -> StoredDataset:
    return normalise_dataset(Job(locate(spec, folder / "data"), "raw", str(folder / cache)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    rows = [{"id": str(n), "text": f"text {n}"} for n in range(5)] + [{"id": "x", "text": ""}]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "data" / "train.jsonl").write_text(lines)
    return tmp_path


def texts(dataset_: StoredDataset) -> list[str | None]:
    return [r.text for part in dataset_.parts for r in from_table(read_part(part.path))]


def test_a_dataset_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = stored(folder)
    monkeypatch.setattr(store, "read_tables", None)

    assert stored(folder) == first
    assert texts(first) == [f"text {n}" for n in range(5)]
    assert pq.read_table(first.drops).column("reason").to_pylist() == ["text_empty"]


def test_a_changed_entry_or_file_is_read_again(folder: Path) -> None:
    first = stored(folder)
    renamed = stored(folder, dataset(map={"id": "id", "text": "id"}))
    with (folder / "data" / "train.jsonl").open("a") as file:
        file.write('{"id": "6", "text": "new"}\n')

    assert texts(renamed) == ["0", "1", "2", "3", "4", "x"]
    assert texts(stored(folder))[-1] == "new"
    assert texts(first) == [f"text {n}" for n in range(5)]


def test_parts_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 2)
    found = stored(folder)

    assert [part.rows for part in found.parts] == [2, 2, 1]
    assert texts(found) == [f"text {n}" for n in range(5)]


def test_a_cache_may_be_moved(folder: Path) -> None:
    stored(folder)
    (folder / "cache").rename(folder / "elsewhere")
    found = stored(folder, cache="elsewhere")

    assert Path(found.drops).is_relative_to(folder / "elsewhere")
    assert len(texts(found)) == 5


def test_of_two_processes_that_read_at_once_the_first_wins(folder: Path) -> None:
    first = stored(folder)
    there = Path(first.drops).parent
    late = there.with_name(".late")
    late.mkdir()
    store._swap_in(late, there)

    assert stored(folder) == first


def test_a_broken_file_leaves_nothing(folder: Path) -> None:
    (folder / "data" / "train.jsonl").write_bytes(b'{"id": "1", "text": "\xff"}\n')
    with pytest.raises(SourceError):
        stored(folder, dataset(reader={"format": "json"}, map={"text": "text"}))

    assert list((folder / "cache").rglob("*.*")) == []


@pytest.mark.parametrize("name", ["train-00000.parquet", "drops.parquet", "index"])
def test_a_damaged_file_is_noticed_and_made_anew(folder: Path, name: str) -> None:
    first = stored(folder)
    damaged = Path(first.drops).with_name(name)
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    assert stored(folder) == first
    assert damaged.read_bytes() == content
    assert [path.name for path in Path(first.drops).parents[1].iterdir()] == [damaged.parent.name]


def test_a_file_that_went_missing_is_made_anew(folder: Path) -> None:
    first = stored(folder)
    Path(first.parts[0].path).unlink()

    assert texts(stored(folder)) == [f"text {n}" for n in range(5)]


def test_source_files_are_hashed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "data" / "train.jsonl"
    os.utime(file, (1, 1))
    monkeypatch.setattr(stamps, "_SETTLED", 0)
    first = stored(folder)
    monkeypatch.setattr(fingerprints, "file_sha256", None)

    assert stored(folder) == first


def test_a_file_changed_within_a_tick_of_the_clock_is_noticed(folder: Path) -> None:
    file = folder / "data" / "train.jsonl"
    first, stat = stored(folder), file.stat()
    file.write_text(file.read_text().replace("text 1", "text 9"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    assert texts(first)[1] == "text 1"
    assert texts(stored(folder))[1] == "text 9"
