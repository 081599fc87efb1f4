"""Shards: cut equally, gathered from spill files in the order of their places."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.export import shards
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.shards import ShardJob, shard_bounds, shard_name, write_shard
from taiyi_corpus.export.spill import SPILL_SCHEMA
from taiyi_corpus.hashing import file_sha256


@given(st.integers(0, 10_000), st.integers(1, 500))
def test_shards_differ_by_one_row_at_most_and_hold_every_row_once(rows: int, size: int) -> None:
    bounds = shard_bounds(rows, size)
    sizes = [end - start for start, end in bounds]

    assert (bounds[0][0], bounds[-1][1], sum(sizes)) == (0, rows, rows)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(bounds))
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= size
    assert len(bounds) == max(1, -(-rows // size))


def test_a_shard_says_which_of_how_many_it_is() -> None:
    assert shard_name("train", 3, 12) == "data/train-00003-of-00012.parquet"


def spill(path: Path, places: list[int]) -> str:
    """An Arrow file of rows whose ids are their places."""
    empty: dict[str, Any] = dict.fromkeys(SPILL_SCHEMA.names)
    rows = [{**empty, "id": str(place), "place": place} for place in places]
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SPILL_SCHEMA) as writer:
        for row in rows:  # a batch each
            writer.write_table(pa.Table.from_pylist([row], schema=SPILL_SCHEMA))
    return str(path)


def test_a_shard_is_gathered_in_the_order_of_places(tmp_path: Path) -> None:
    spills = [
        spill(tmp_path / "a", [1, 4, 5]),
        spill(tmp_path / "b", [0, 2, 3, 6]),
        spill(tmp_path / "c", []),
    ]
    (tmp_path / "data").mkdir()
    written = []
    for number, (start, end) in enumerate(shard_bounds(7, 3)):
        job = ShardJob(spills, start, end, str(tmp_path), shard_name("train", number, 3))
        shard = write_shard(job)
        table = pq.read_table(tmp_path / shard.path)
        assert table.schema.equals(ROW_SCHEMA)
        assert (shard.rows, shard.sha256) == (table.num_rows, file_sha256(tmp_path / shard.path))
        written += table.column("id").to_pylist()

    assert written == [str(n) for n in range(7)]


def test_a_shard_of_nothing_has_the_schema(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shard = write_shard(ShardJob([], 0, 0, str(tmp_path), shard_name("train", 0, 1)))

    assert shard.rows == 0
    assert pq.read_table(tmp_path / shard.path).schema.equals(ROW_SCHEMA)


def test_more_spill_files_than_may_be_open_give_the_same_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spills = [spill(tmp_path / str(n), [n, n + 5]) for n in range(5)]
    (tmp_path / "data").mkdir()
    jobs = [ShardJob(spills, 2, 9, str(tmp_path), f"data/{name}.parquet") for name in ("a", "b")]
    at_once = write_shard(jobs[0])
    monkeypatch.setattr(shards, "_OPEN", 2)

    in_groups = write_shard(jobs[1])

    assert in_groups.sha256 == at_once.sha256
    assert pq.read_table(tmp_path / in_groups.path).column("id").to_pylist() == list("2345678")
