"""Streaming a build: disjoint over ranks, whole over an epoch, resumable at any row."""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyi_corpus.errors import InputError
from taiyi_corpus.export import stream as module
from taiyi_corpus.export.manifest import Manifest, write_manifest
from taiyi_corpus.export.shards import Shard
from taiyi_corpus.export.stream import stream

ROWS = 211


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    (folder / "data").mkdir()
    shards, start = [], 0
    for number, size in enumerate((106, 105)):
        name = f"data/train-{number:05d}-of-00002.parquet"
        table = pa.table({"id": [str(i) for i in range(start, start + size)]})
        pq.write_table(table, folder / name, row_group_size=20)
        shards.append(Shard(name, size, 0, ""))
        start += size
    made = Manifest(
        recipe={}, origin="raw", versions={}, rows=ROWS, shards=shards, counts=[], wanted={}, chosen={}, datasets={},
        styles={},
    )  # fmt: skip
    write_manifest(made, folder)
    return folder


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WINDOW_ROWS", 40)


def ids(rows: object) -> list[str]:
    return [row["id"] for row in rows]  # type: ignore[attr-defined]


@settings(max_examples=12, deadline=None)
@given(
    world_size=st.integers(1, 12) | st.integers(ROWS - 2, ROWS + 20),
    seed=st.integers(0, 2**64),
    epoch=st.integers(0, 5),
)
def test_an_epoch_holds_every_row_once_but_for_the_counted_repeats_in_equal_steps(
    build_dir: Path, world_size: int, seed: int, epoch: int
) -> None:
    ranks = [stream(build_dir, rank, world_size, seed, epoch) for rank in range(world_size)]
    read = [ids(rank) for rank in ranks]
    assert {len(rank) for rank in read} == {len(ranks[0])} == {-(-ROWS // world_size)}
    seen = Counter(name for rank in read for name in rank)
    assert set(seen) == {str(i) for i in range(ROWS)}
    assert sum(seen.values()) - ROWS == ranks[0].repeated < world_size


def test_a_stream_sent_to_another_process_goes_on_there(build_dir: Path) -> None:
    rows = stream(build_dir, 1, 3, seed=5, epoch=2)
    walk = iter(rows)
    head = [next(walk)["id"] for _ in range(9)]
    assert head + ids(pickle.loads(pickle.dumps(rows))) == ids(stream(build_dir, 1, 3, 5, 2))


def test_the_order_depends_on_seed_and_epoch_alone(build_dir: Path) -> None:
    assert ids(stream(build_dir, seed=1)) == ids(stream(build_dir, seed=1))
    assert ids(stream(build_dir, seed=1)) != ids(stream(build_dir, seed=2))
    assert ids(stream(build_dir, epoch=0)) != ids(stream(build_dir, epoch=1))
    assert ids(stream(build_dir)) != [str(i) for i in range(ROWS)]


def test_the_next_epoch_follows_by_itself(build_dir: Path) -> None:
    rows = stream(build_dir)
    first, second = ids(rows), ids(rows)
    assert first != second
    assert second == ids(stream(build_dir, epoch=1))


@settings(max_examples=40)
@given(stop=st.integers(0, 71), rank=st.integers(0, 2), epoch=st.integers(0, 3))
def test_it_resumes_at_the_very_next_row(build_dir: Path, stop: int, rank: int, epoch: int) -> None:
    whole = ids(stream(build_dir, rank, 3, seed=5, epoch=epoch))
    first = stream(build_dir, rank, 3, seed=5, epoch=epoch)
    walk = iter(first)
    before = [next(walk)["id"] for _ in range(min(stop, len(whole)))]
    second = stream(build_dir, rank, 3, seed=5)
    second.load_state_dict(first.state_dict())
    after = ids(second) if len(before) < len(whole) else []
    assert before + after == whole


def test_a_state_of_other_ranks_is_refused(build_dir: Path) -> None:
    state = stream(build_dir, 0, 2).state_dict()
    with pytest.raises(InputError, match="world_size 3"):
        stream(build_dir, 0, 3).load_state_dict(state)


def test_wrong_arguments_name_what_is_right(build_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        stream(build_dir, 2, 2)
    with pytest.raises(InputError, match="Did you mean 'train'"):
        stream(build_dir, split="trian")
    with pytest.raises(InputError, match=r"manifest\.json"):
        stream(tmp_path)
