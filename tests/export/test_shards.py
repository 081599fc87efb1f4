"""Shards: cut equally, gathered from spill files in the order of their keys."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.export.rendered import BATCH
from taiyi_corpus.export.rows import ROW_SCHEMA
from taiyi_corpus.export.shards import ShardJob, shard_bounds, shard_name, write_shard
from taiyi_corpus.export.spill_file import SPILL_SCHEMA, read_spill, write_spill
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


def spill(path: Path, keys: list[int], edges: list[int]) -> str:
    """A spill file of rows whose ids are their keys."""
    empty: dict[str, Any] = dict.fromkeys(SPILL_SCHEMA.names)
    rows = [{**empty, "id": str(key), "key": key} for key in keys]
    pieces = (rows[at : at + BATCH] for at in range(0, len(rows), BATCH))
    tables = (pa.Table.from_pylist(piece, schema=SPILL_SCHEMA) for piece in pieces)
    write_spill(path, np.array(keys, np.uint64), edges, tables)
    return str(path)


def ids(spilled: str, shard: int) -> list[list[str]]:
    """Those of each batch that goes into a shard."""
    return [batch.column("id").to_pylist() for batch in read_spill(Path(spilled), shard)]


def test_no_batch_of_a_spill_file_lies_in_two_shards(tmp_path: Path) -> None:
    last = 2**64 - 1
    made = spill(tmp_path / "a", [1, 4, 5, 7, last], [5, 6, last])

    assert [ids(made, shard) for shard in range(4)] == [
        [["1", "4"]],
        [["5"]],
        [["7"]],
        [[str(last)]],
    ]


def test_a_spill_file_holds_any_number_of_rows(tmp_path: Path) -> None:
    rows = 2 * BATCH + 5
    made = spill(tmp_path / "a", list(range(rows)), [BATCH - 1, BATCH + 1])

    batches = [ids(made, shard) for shard in range(3)]
    assert [[len(batch) for batch in of_shard] for of_shard in batches] == [
        [BATCH - 1],
        [1, 1],
        [BATCH - 1, 5],
    ]
    assert [id_ for of_shard in batches for batch in of_shard for id_ in batch] == [
        str(n) for n in range(rows)
    ]
    assert [
        list(read_spill(Path(spill(tmp_path / "b", [], [3])), shard)) for shard in range(2)
    ] == [[], []]


def test_a_shard_is_gathered_in_the_order_of_keys(tmp_path: Path) -> None:
    edges = [start for start, _ in shard_bounds(7, 3)[1:]]
    spills = [
        spill(tmp_path / "a", [1, 4, 5], edges),
        spill(tmp_path / "b", [0, 2, 3, 6], edges),
        spill(tmp_path / "c", [], edges),
    ]
    written = []
    for number in range(3):
        job = ShardJob(spills, number, str(tmp_path), shard_name("train", number, 3))
        shard = write_shard(job)
        table = pq.read_table(tmp_path / shard.path)
        assert table.schema.equals(ROW_SCHEMA)
        assert (shard.rows, shard.sha256) == (table.num_rows, file_sha256(tmp_path / shard.path))
        written += table.column("id").to_pylist()

    assert written == [str(n) for n in range(7)]


def test_a_shard_of_nothing_has_the_schema(tmp_path: Path) -> None:
    shard = write_shard(ShardJob([], 0, str(tmp_path), shard_name("train", 0, 1)))

    assert shard.rows == 0
    assert pq.read_table(tmp_path / shard.path).schema.equals(ROW_SCHEMA)


def test_a_shard_has_row_groups_of_even_size_however_its_rows_were_spilled(tmp_path: Path) -> None:
    rows = 10_500  # more than are put in order at a time
    one = [spill(tmp_path / "one", list(range(rows)), [])]
    many = [spill(tmp_path / str(n), list(range(n, rows, 7)), []) for n in range(7)]

    jobs = [ShardJob(spills, 0, str(tmp_path), f"{len(spills)}.parquet") for spills in (one, many)]
    shards = [write_shard(job) for job in jobs]

    groups = pq.ParquetFile(tmp_path / "7.parquet").metadata
    sizes = [groups.row_group(n).num_rows for n in range(groups.num_row_groups)]
    assert sizes == [2_000] * 5 + [500]
    assert shards[0].sha256 == shards[1].sha256


def test_rows_of_one_key_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    empty: dict[str, Any] = dict.fromkeys(SPILL_SCHEMA.names)
    spills, rows = [], 5_000
    for name in "ab":
        own = [{**empty, "id": f"{name}{n}", "key": 7} for n in range(rows)]
        table = pa.Table.from_pylist(own, schema=SPILL_SCHEMA)
        pieces = (table.slice(at, BATCH) for at in range(0, rows, BATCH))
        write_spill(tmp_path / name, np.full(rows, 7, np.uint64), [], pieces)
        spills.append(str(tmp_path / name))

    write_shard(ShardJob(spills, 0, str(tmp_path), "x.parquet"))

    written = pq.read_table(tmp_path / "x.parquet").column("id").to_pylist()
    assert written == [f"{name}{n}" for name in "ab" for n in range(rows)]
