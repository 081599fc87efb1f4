"""Fetching many datasets: what is there, what is downloaded, what is to be got by hand, what failed and why."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from taiyi_corpus.fetch.download import Line
from taiyi_corpus.fetch.lock import read_lock, with_files, write_lock
from taiyi_corpus.fetch.one import Fetched, Wish, fetch_one
from taiyi_corpus.spec.dataset import DatasetSpec


def offline_by_environment() -> bool:
    """Tell whether the user's environment forbids the network: HF_HUB_OFFLINE, which is honoured for all sources."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def fetch(
    specs: Sequence[DatasetSpec], line: Line, wish: Wish, workers: int = 8
) -> Iterator[Fetched]:
    """Fetch datasets side by side, and yield what became of each as it is done.

    Ending early, or an interruption, stops the downloads; what has come is kept for the next run. `line` is used up.
    """
    # Datasets wait for their files, so the two must not share threads.
    datasets = ThreadPoolExecutor(max_workers=32, thread_name_prefix="dataset")
    files = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="file")
    pending: set[Future[Fetched]] = set()
    try:
        pending = {datasets.submit(fetch_one, spec, line, wish, files) for spec in specs}
        while pending:
            done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    finally:
        line.stop.set()
        files.shutdown(cancel_futures=True)
        datasets.shutdown(cancel_futures=True)
        line.http.close()


def record(fetched: Sequence[Fetched], path: Path, line: Line) -> None:
    """Write what was seen of datasets into a lock file; another process may do the same at the same time."""
    with line.blobs.lock(f"lock file {path.resolve()}"):
        before = read_lock(path)
        after = with_files(
            before, {one.id: (one.revision, one.files) for one in fetched if one.files}
        )
        if after != before:
            write_lock(after, path)
