"""Curating all parts of a build: each by itself, then what repeats over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from taiyi_corpus import paths
from taiyi_corpus.curate.curated import Batch, Curated
from taiyi_corpus.curate.duplicates import drop_repeats, priorities
from taiyi_corpus.curate.namesakes import drop_namesakes
from taiyi_corpus.curate.part import CurateJob, curate_part
from taiyi_corpus.curate.protected import load
from taiyi_corpus.curate.twins import drop_twins
from taiyi_corpus.engine import Run
from taiyi_corpus.engine.order import largest_first
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import Part, StoredDataset
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.curation import Curation


class Cleaned(Struct, frozen=True):
    """What curating made of the parts drawn from."""

    curated: dict[str, list[Curated]]  # dataset -> of each part
    repeats: dict[str, list[Drop]]
    shared: dict[str, dict[str, int]]  # dataset -> other dataset -> documents in both


def clean(drawn: list[tuple[StoredDataset, list[Part]]], located: Mapping[str, Located], curation: Curation,
          protected: str | None, run: Run, progress: Callable[[str, int, int], None],
          held: Sequence[tuple[StoredDataset, list[Part]]] = ()) -> Cleaned:  # fmt: skip
    """Curate the parts of every dataset.

    Args:
        held: parts of test splits that are not drawn from, whose documents leave `train`.
    """
    cache = str(paths.cache_dir())
    jobs = [
        CurateJob(part, located[dataset.dataset].spec, curation, protected, cache)
        for dataset, parts in drawn
        for part in parts
    ]
    # Of a held split only what is compared matters: its texts as repaired and masked.
    compared = Curation(repair=curation.repair, privacy=curation.privacy)
    others = [
        CurateJob(part, located[dataset.dataset].spec, compared, None, cache)
        for dataset, parts in held
        for part in parts
    ]
    todo = [*jobs, *others]
    progress("curate", 0, len(todo))
    curated: dict[str, list[Curated]] = {dataset.dataset: [] for dataset, _ in drawn}
    tests: list[Batch] = []
    files = [job.part.path for job in todo]
    results = largest_first(
        run, curate_part, todo, files, lambda done: progress("curate", done, len(todo))
    )
    for number, (job, result) in enumerate(zip(todo, results, strict=True)):
        if number < len(jobs):
            curated[job.spec.id].append(result)
        else:
            tests.append(Batch(job.spec.id, result))
    specs = {id_: located[id_].spec for id_ in curated}
    mirrors = [id_ for id_ in specs if located[id_].variant is not None]
    ranks = priorities(specs, mirrors, curation.duplicates.prefer)
    batches = [Batch(id_, one) for id_, mine in curated.items() for one in mine]
    if protected is not None:
        drop_namesakes(batches, load(protected))
    drop_twins(batches, tests)
    repeats = drop_repeats(batches, ranks, curation, run)
    return Cleaned(curated, repeats.drops, repeats.shared)


def told(curated: Mapping[str, list[Curated]], shared: Mapping[str, Mapping[str, int]],
         refused: Mapping[str, str], unprotected: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    """Return what the manifest says of curating.

    That is leaks by dataset and benchmark or test split, shared documents, licences refused, and which test splits
    kept nothing out.
    """
    leaks: dict[str, dict[str, int]] = {}
    for id_, parts in curated.items():
        counts = sum((Counter(part.leaks) for part in parts), Counter[str]())
        if counts:
            leaks[id_] = dict(sorted(counts.items()))
    return {
        "leaks": leaks,
        "shared": {id_: dict(others) for id_, others in shared.items() if others},
        "refused": dict(refused),
        "unprotected": dict(unprotected),
    }
