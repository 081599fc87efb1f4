"""What the commands do: `fetch` many datasets side by side, `place` files got by hand, `lock` what there is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from taiyi_corpus import paths
from taiyi_corpus.errors import Fault
from taiyi_corpus.fetch.blobs import Blobs, identify
from taiyi_corpus.fetch.download import Line
from taiyi_corpus.fetch.lock import (
    NOTHING,
    LockedFile,
    differences,
    locked,
    read_lock,
    with_files,
    write_lock,
)
from taiyi_corpus.fetch.one import Fetched, Progress, Wish, fetch_one, known_of, silent
from taiyi_corpus.fetch.place import Placed
from taiyi_corpus.fetch.place import place as place_files
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.dataset import DatasetSpec


def offline_by_environment() -> bool:
    """Tell whether the user's environment forbids the network: HF_HUB_OFFLINE, which is honoured for all sources."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def fetch(specs: Sequence[DatasetSpec], data: Path, lock: Path, *, offline: bool = False, update: bool = False,
          workers: int = 8, progress: Progress = silent, line: Line | None = None) -> Iterator[Fetched]:  # fmt: skip
    """Fetch datasets side by side into `<data>/<id>/`, and yield what became of each as it is done.

    Ending early, or an interruption, stops the downloads; what has come is kept for the next run. What was seen is
    recorded in the lock file in the end.

    Args:
        lock: the lock file; it need not be there yet.
        offline: take files from the cache only; so it is, too, if the environment forbids the network.
        update: take what the addresses give now, whatever was locked before.
        workers: files at once.
        line: cache, patience and turns where not the usual ones; used up in the end.

    Raises:
        InputError: the lock file is none.
    """
    wish = Wish(data, read_lock(lock), offline or offline_by_environment(), update, progress)
    line = line or Line(Blobs(paths.cache_dir()))
    # Datasets wait for their files, so the two must not share threads.
    datasets = ThreadPoolExecutor(max_workers=32, thread_name_prefix="dataset")
    files = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="file")
    done: list[Fetched] = []
    try:
        jobs = [datasets.submit(fetch_one, spec, line, wish, files) for spec in specs]
        for job in as_completed(jobs):
            done.append(job.result())
            yield done[-1]
    finally:
        line.hang_up()
        files.shutdown(cancel_futures=True)
        datasets.shutdown(cancel_futures=True)
        line.http.close()
        seen = {one.id: (one.revision, one.files) for one in done if one.files}
        _record(seen, lock, line.blobs)


def _record(
    seen: Mapping[str, tuple[str | None, Mapping[str, LockedFile]]], path: Path, blobs: Blobs
) -> None:
    """Write what was seen of datasets into a lock file; another process may do the same at the same time."""
    with blobs.lock(_key(path)):
        before = read_lock(path)
        after = with_files(before, seen)
        if after != before:
            write_lock(after, path)


def _key(lock: Path) -> str:
    return f"lock file {lock.resolve()}"


def place(
    spec: DatasetSpec, given: Sequence[Path], data: Path, lock: Path, blobs: Blobs | None = None
) -> Placed:
    """File data got by hand below `<data>/<id>/`, verified by what the registry and the lock file know of it.

    Raises:
        InputError: as `fetch.place.place`; nothing is filed.
    """
    blobs = blobs or Blobs(paths.cache_dir())
    known = known_of(spec, read_lock(lock))
    folder = data / spec.id
    placed = place_files(spec, given, folder, blobs, known)
    files = {path: identify(folder / path) for path in placed.filed}
    _record(
        {spec.id: (None, {p: LockedFile(b.sha256, b.size) for p, b in files.items()})}, lock, blobs
    )
    return placed


@dataclass(frozen=True, slots=True)
class Locked:
    """What `lock_all` wrote: the datasets that are there, and what differs from what was locked before."""

    ids: list[str]
    changes: list[Fault]


def lock_all(
    registry: Mapping[str, DatasetSpec], data: Path, lock: Path, blobs: Blobs | None = None
) -> Locked:
    """Write into the lock file how things are now, of all datasets of `registry` that are there.

    Raises:
        InputError: the lock file is none.
        SourceError: an archive is damaged or unsafe.
    """
    blobs = blobs or Blobs(paths.cache_dir())
    there = {
        id_: located
        for id_, spec in registry.items()
        if (located := locate(spec, data / id_)).state != "absent"
    }
    with blobs.lock(_key(lock)):
        before = read_lock(lock)
        now = locked(before, there)
        write_lock(now, lock)
    changes = [fault for fault in differences(before, now, there) if fault.wanted != NOTHING]
    return Locked(list(there), changes)
