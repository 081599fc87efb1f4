"""Fetching many datasets: what is there, what is downloaded, what is to be got by hand, what failed and why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from taiyi_corpus import paths
from taiyi_corpus.fetch.blobs import Blobs
from taiyi_corpus.fetch.download import Line
from taiyi_corpus.fetch.lock import read_lock, with_files, write_lock
from taiyi_corpus.fetch.one import Fetched, Progress, Wish, fetch_one, silent
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
        line.stop.set()
        files.shutdown(cancel_futures=True)
        datasets.shutdown(cancel_futures=True)
        line.http.close()
        record(done, lock, line.blobs)


def record(fetched: Sequence[Fetched], path: Path, blobs: Blobs) -> None:
    """Write what was seen of datasets into a lock file; another process may do the same at the same time."""
    with blobs.lock(f"lock file {path.resolve()}"):
        before = read_lock(path)
        after = with_files(
            before, {one.id: (one.revision, one.files) for one in fetched if one.files}
        )
        if after != before:
            write_lock(after, path)
