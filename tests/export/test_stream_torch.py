"""A stream in torch's DataLoader: skips where torch is not installed; `make trl` installs it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from taiyi_corpus.export.stream import Stream, stream  # noqa: E402 - after the skip
from tests.export.toy_build import SINGLE, row, write_build  # noqa: E402

ROWS = 53


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = [row(f"r{n}", SINGLE) for n in range(ROWS)]
    return write_build(tmp_path_factory.mktemp("stream") / "build", given, shards=3)


def loaded(rows: Stream, workers: int, start: str = "fork") -> list[str]:
    loader = torch.utils.data.DataLoader(
        rows, batch_size=4, num_workers=workers, collate_fn=ids,
        multiprocessing_context=start if workers else None,
    )  # fmt: skip
    return [id_ for batch in loader for id_ in batch]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize(("workers", "start"), [(0, ""), (1, "fork"), (2, "fork"), (2, "spawn")])
def test_a_loader_gives_every_row_once_on_any_number_of_workers(
    build: Path, workers: int, start: str
) -> None:
    rows = stream(build, seed=3)

    assert isinstance(rows, torch.utils.data.IterableDataset)
    assert Counter(loaded(rows, workers, start)) == Counter(ids(list(stream(build, seed=3))))


@pytest.mark.parametrize("workers", [0, 2])
def test_ranks_are_disjoint_and_take_equal_steps(build: Path, workers: int) -> None:
    ranks = [loaded(stream(build, rank, 4), workers) for rank in range(4)]

    assert {len(rank) for rank in ranks} == {14}
    seen = Counter(id_ for rank in ranks for id_ in rank)
    assert len(seen) == ROWS and sum(seen.values()) - ROWS == stream(build, 0, 4).repeated


def test_an_epoch_that_is_set_is_the_one_workers_read(build: Path) -> None:
    rows = stream(build)
    first = loaded(rows, 2)
    rows.set_epoch(1)
    second = loaded(rows, 2)

    assert sorted(first) == sorted(second) and first != second


def test_a_worker_goes_on_where_its_state_was_taken(build: Path) -> None:
    whole = ids(list(stream(build, 1, 2)))
    before = stream(build, 1, 2)
    walk = iter(before)
    head = [next(walk)["id"] for _ in range(7)]
    after = stream(build, 1, 2)
    after.load_state_dict(before.state_dict())

    assert head + loaded(after, 0) == whole


def test_nothing_here_imports_torch() -> None:
    source = Path(sys.modules["taiyi_corpus.export.stream"].__file__ or "").read_text(
        encoding="utf-8"
    )

    assert "import torch" not in source
