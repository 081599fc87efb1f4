"""Records of many datasets: what is stored is not sent anywhere, and large datasets are cut where it is cheapest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.engine.local import Pool
from taiyi_corpus.normalise.fingerprints import known_hashes, source_hashes
from taiyi_corpus.normalise.sliced import SliceJob
from taiyi_corpus.normalise.store import Job
from taiyi_corpus.pipeline import normalised
from taiyi_corpus.pipeline.gather import silent
from taiyi_corpus.pipeline.normalised import normalise_all
from taiyi_corpus.readers import slices
from taiyi_corpus.sources import stamps
from taiyi_corpus.sources.locate import locate, unlisted
from tests.toys import dataset

SPEC = dataset(map={"id": "id", "text": "text"})


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "train.jsonl"
    rows = ({"id": str(n), "text": f"text {n}"} for n in range(9))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Job(locate(SPEC, tmp_path / "data"), "raw", str(tmp_path / "cache"))


class Spy:
    """Runs jobs here, and knows which."""

    def __init__(self) -> None:
        self.jobs: list[Any] = []

    def __call__(self, function: Callable[[Any], Any], jobs: Sequence[Any], /) -> Iterator[Any]:
        self.jobs += jobs
        return Pool(1).run(function, jobs)


def settled(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file count as one that does not change any more."""
    monkeypatch.setattr(stamps, "_SETTLED", -(10**12))
    source_hashes(job.located, Path(job.cache))


def test_of_what_is_stored_a_worker_is_told_the_folder_alone(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(job, monkeypatch)
    first, second = Spy(), Spy()
    made = normalise_all([job], first, silent)

    assert normalise_all([job], second, silent) == made
    assert [type(one) for one in second.jobs] == [type(Path())]
    assert Job in map(type, first.jobs)


def test_what_was_stored_and_is_damaged_is_made_anew(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(job, monkeypatch)
    (made,) = normalise_all([job], Spy(), silent)
    Path(made.parts[0].path).write_bytes(b"")

    assert normalise_all([job], Spy(), silent) == [made]
    assert Path(made.parts[0].path).stat().st_size


def test_progress_counts_what_was_stored(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(job, monkeypatch)
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        normalise_all([job], Spy(), lambda *one: told.append(one))

    assert told == [("normalise", 0, 1), ("normalise", 1, 1), ("normalise", 1, 1)]


def test_hashes_are_known_of_files_that_did_not_change(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, file = Path(job.cache), job.located.splits["train"][0].members[0].file
    assert known_hashes(job.located, cache) is None
    settled(job, monkeypatch)
    assert known_hashes(job.located, cache) == source_hashes(job.located)
    file.write_text(file.read_text() + "\n")
    assert known_hashes(job.located, cache) is None


@pytest.mark.parametrize(("many", "here"), [(1, True), (10_000, False)])
def test_a_dataset_of_many_files_is_cut_where_they_were_listed(
    job: Job, many: int, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalised, "MANY", many)
    monkeypatch.setattr(slices, "SLICE", 100)
    spy = Spy()
    (made,) = normalise_all([job], spy, silent)

    assert len([one for one in spy.jobs if isinstance(one, SliceJob)]) > 1
    assert [type(one) for one in spy.jobs].count(Job) == (1 if here else 2)
    assert not any(
        spy.jobs[-1].located.splits.values()
    )  # slices are put together without its files
    assert sum(part.rows for part in made.parts) == 9


def test_a_dataset_known_from_memory_is_listed_when_it_must_be_read(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(job, monkeypatch)
    (made,) = normalise_all([job], Spy(), silent)
    known = Job(unlisted(job.located), job.origin, job.cache)
    assert normalise_all([known], Spy(), silent) == [made]

    Path(made.parts[0].path).unlink()
    assert normalise_all([known], Spy(), silent) == [made]
    assert Path(made.parts[0].path).is_file()
