"""The records of many datasets: large files in slices, the largest datasets first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from taiyi_corpus.engine import Run
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.normalise.fingerprints import known_hashes
from taiyi_corpus.normalise.sliced import SliceJob, normalise_slice, slices_of
from taiyi_corpus.normalise.store import (
    Job,
    StoredDataset,
    folder_of,
    listed,
    normalise_dataset,
    opened,
)
from taiyi_corpus.normalise.stream import PlaceUnknown
from taiyi_corpus.sources.known import MANY, count_of
from taiyi_corpus.sources.locate import Located, files_of, unlisted

T = TypeVar("T")


def normalise_all(jobs: Sequence[Job], run: Run, progress: Callable[[str, int, int], None], what: str = "normalise"
                  ) -> list[StoredDataset]:  # fmt: skip
    """Return the records of datasets; large files are normalised slice by slice.

    Raises:
        SourceError: a file cannot be read as its format says; every such file is named.
    """
    jobs = list(jobs)
    done: dict[int, StoredDataset | tuple[Fault, ...]] = {}
    done |= _stored(jobs, run)
    todo = [at for at in range(len(jobs)) if at not in done]
    for at in todo:
        jobs[at] = listed(jobs[at])
    cut = _cut({at: jobs[at] for at in todo}, run)
    pieces = [piece for slices in cut.values() for piece in slices]
    if pieces:
        results = _counted(run(_normalise_slice, pieces), "slices", len(pieces), progress)
        for at, slices in cut.items():
            folders = [next(results) for _ in slices]
            good = [folder for folder in folders if isinstance(folder, str)]
            # A broken slice is told by the reading in one go, as ever.
            if slices and len(good) == len(slices):
                jobs[at] = replace(jobs[at], slices=good, located=unlisted(jobs[at].located))
    # The large ones first, so that no worker is left with one of them at the end.
    todo.sort(key=lambda at: -_size(jobs[at].located))
    ordered = run(_normalise, [jobs[at] for at in todo])
    done |= zip(todo, _counted(ordered, what, len(jobs), progress, len(done)), strict=True)
    faults = [fault for at in range(len(jobs)) for fault in _faults(done[at])]
    if faults:
        raise InputError(faults)
    return [found for at in range(len(jobs)) if isinstance(found := done[at], StoredDataset)]


def _stored(jobs: Sequence[Job], run: Run) -> dict[int, StoredDataset]:
    """Return what is stored of datasets whose sources are known not to have changed.

    A worker is told of a folder alone: a dataset may be of hundreds of thousands of files, and their names take time.
    """
    folders = {
        at: folder_of(job, hashes)
        for at, job in enumerate(jobs)
        if (hashes := known_hashes(job.located, Path(job.cache))) is not None
    }
    found = zip(folders, run(opened, list(folders.values())), strict=True)
    return {at: one for at, one in found if one is not None}


def _cut(jobs: Mapping[int, Job], run: Run) -> dict[int, list[SliceJob]]:
    """Return the slices of each dataset."""
    # The names of many files take longer to a worker and back than to share them out.
    few = {at: job for at, job in jobs.items() if count_of(job.located) < MANY}
    cut = dict(zip(few, run(slices_of, list(few.values())), strict=True))
    return cut | {at: slices_of(job) for at, job in jobs.items() if at not in few}


def _faults(result: StoredDataset | tuple[Fault, ...]) -> tuple[Fault, ...]:
    return result if isinstance(result, tuple) else ()


def _size(located: Located) -> int:
    return sum(file.stat().st_size for file in files_of(located))


def _normalise_slice(job: SliceJob) -> str | None:
    try:
        return normalise_slice(job)
    except (InputError, PlaceUnknown):
        return None


def _normalise(job: Job) -> StoredDataset | tuple[Fault, ...]:
    # Faults are data here, so that the broken files of all datasets are named at once.
    try:
        return normalise_dataset(job)
    except InputError as error:
        return error.faults


def _counted(
    results: Iterator[T],
    what: str,
    total: int,
    progress: Callable[[str, int, int], None],
    before: int = 0,
) -> Iterator[T]:
    progress(what, before, total)
    for number, result in enumerate(results, before + 1):
        yield result
        progress(what, number, total)
