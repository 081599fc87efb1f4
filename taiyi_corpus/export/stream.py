"""Reading a finished build for training: disjoint over ranks, whole over an epoch, resumable at any row.

The rows of an epoch stand in one order, a pure function of (seed, epoch): the row groups of all shards are shuffled,
and rows are shuffled within windows of a few row groups. Rank r of w reads the r-th of w equal stretches of that order,
so a rank opens the row groups of its own stretch only, and a position in the stretch is all the state there is.

Every rank takes the same number of steps. If the rows do not divide evenly, the stretches that are one short end with
the row they began with; `repeated` counts these rows, fewer than there are ranks. In a worker of a torch DataLoader a
stream yields its part of the steps; each worker has a state of its own.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.export.manifest import read_manifest
from taiyi_corpus.export.shards import split_of
from taiyi_corpus.hashing import hash64

_WINDOW_ROWS = 20_000  # rows shuffled together: bounds the memory of a rank


class Stream:
    """An iterable over the rows of a build; see the module's description.

    Attributes:
        rows: rows in the whole split.
        steps: rows this rank yields in an epoch, the same for every rank.
        repeated: rows yielded twice in an epoch, over all ranks.
    """

    def __init__(
        self, build_dir: Path, rank: int, world_size: int, seed: int, epoch: int, split: str
    ) -> None:
        if not 0 <= rank < world_size:
            raise InputError(Fault("rank", f"a number from 0 to {world_size - 1}", str(rank)))
        self.rank, self.world_size, self.seed, self.epoch = rank, world_size, seed, epoch
        self._build_dir, self._split = build_dir, split
        self._groups = _row_groups(build_dir, split)
        self.rows = sum(size for _, _, size in self._groups)
        self.steps = -(-self.rows // world_size)
        self.repeated = self.steps * world_size - self.rows
        self._position = 0

    def set_epoch(self, epoch: int) -> None:
        """Go to the start of an epoch; its order is its own."""
        self.epoch, self._position = epoch, 0

    def state_dict(self) -> dict[str, int]:
        """Return where this rank stands: what `load_state_dict` needs to go on with the very next row."""
        return {
            "epoch": self.epoch,
            "position": self._position,
            "seed": self.seed,
            "world_size": self.world_size,
        }

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on where `state_dict` was taken.

        Raises:
            InputError: the state is of another seed or number of ranks, so it would skip or repeat rows.
        """
        for name in ("seed", "world_size"):
            if state[name] != getattr(self, name):
                raise InputError(Fault("state", f"{name} {getattr(self, name)}", str(state[name])))
        self.epoch, self._position = state["epoch"], state["position"]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it again: the class that torch needs is made where it is needed."""
        return _again, (self._build_dir, self.rank, self._split, self.state_dict())

    def __len__(self) -> int:
        """Return the rows this rank yields in an epoch."""
        return self.steps

    def __iter__(self) -> Iterator[dict[str, Any]]:
        worker, workers = _torch_worker()
        windows = _Windows(self._groups, self.seed, self.epoch)
        start = self.rows * self.rank // self.world_size
        size = self.rows * (self.rank + 1) // self.world_size - start
        while self._position < self.steps:
            step = self._position
            self._position += 1
            if step % workers == worker:
                yield windows.row(start + (step if step < size else 0))
        self.set_epoch(self.epoch + 1)


def stream(
    build_dir: str | Path,
    rank: int = 0,
    world_size: int = 1,
    seed: int = 0,
    epoch: int = 0,
    split: str = "train",
) -> Stream:
    """Return the rows of a build for one rank, as an iterable with `state_dict()` and `load_state_dict()`.

    Where torch is loaded the result is a torch `IterableDataset`, so that a `DataLoader` takes it; torch is never
    imported here.

    Raises:
        InputError: `build_dir` is no finished build, or has no such split.
    """
    torch = sys.modules.get("torch.utils.data")
    kind: type[Stream] = Stream
    if torch is not None:
        kind = type("Stream", (Stream, torch.IterableDataset), {})
    return kind(Path(build_dir), rank, world_size, seed, epoch, split)


def _again(build_dir: Path, rank: int, split: str, state: dict[str, int]) -> Stream:
    made = stream(build_dir, rank, state["world_size"], state["seed"], state["epoch"], split)
    made.load_state_dict(state)
    return made


def _row_groups(build_dir: Path, split: str) -> list[tuple[Path, int, int]]:
    """Return (file, row group, rows) of a split, in the order of the shards."""
    if not (build_dir / "manifest.json").is_file():
        raise InputError(Fault(str(build_dir), "a finished build with its manifest.json", "none"))
    names = [shard.path for shard in read_manifest(build_dir).shards]
    splits = sorted({split_of(name) for name in names})
    if split not in splits:
        raise InputError(
            Fault(str(build_dir), "one of its splits", repr(split), nearest(split, splits))
        )
    groups = []
    for name in names:
        if split_of(name) == split:
            meta = pq.read_metadata(build_dir / name)
            groups += [
                (build_dir / name, i, meta.row_group(i).num_rows)
                for i in range(meta.num_row_groups)
            ]
    return groups


def _torch_worker() -> tuple[int, int]:
    """Return (number, count) of the DataLoader worker this runs in; (0, 1) outside one."""
    torch = sys.modules.get("torch.utils.data")
    info = None if torch is None else torch.get_worker_info()
    return (0, 1) if info is None else (info.id, info.num_workers)


class _Windows:
    """The order of an epoch, read one window at a time."""

    def __init__(self, groups: list[tuple[Path, int, int]], seed: int, epoch: int) -> None:
        order = sorted(range(len(groups)), key=lambda i: hash64(seed, f"stream.{epoch}", str(i)))
        self._seed, self._epoch = seed, epoch
        self._windows: list[list[tuple[Path, int, int]]] = [[]]
        for i in order:
            if sum(size for _, _, size in self._windows[-1]) >= _WINDOW_ROWS:
                self._windows.append([])
            self._windows[-1].append(groups[i])
        self._starts = [
            0,
            *accumulate(sum(size for _, _, size in window) for window in self._windows),
        ]
        self._at = -1
        self._table: Any = None
        self._order: npt.NDArray[np.int64] = np.empty(0, np.int64)

    def row(self, position: int) -> dict[str, Any]:
        """Return the row at a position of the epoch."""
        at = bisect_right(self._starts, position) - 1
        if at != self._at:
            self._load(at)
        found: list[dict[str, Any]] = self._table.slice(
            int(self._order[position - self._starts[at]]), 1
        ).to_pylist()
        return found[0]

    def _load(self, at: int) -> None:
        import pyarrow as pa

        pieces = [
            pq.ParquetFile(path).read_row_group(group) for path, group, _ in self._windows[at]
        ]
        self._table = pa.concat_tables(pieces).combine_chunks()
        generator = np.random.Generator(
            np.random.PCG64(hash64(self._seed, f"window.{self._epoch}", str(at)))
        )
        self._order = generator.permutation(self._table.num_rows)
        self._at = at
