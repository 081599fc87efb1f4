"""Where a dataset's records come from: the raw data, or the bundled sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from taiyi_corpus import paths
from taiyi_corpus.errors import MissingDataError
from taiyi_corpus.normalise.split import Origin
from taiyi_corpus.normalise.store import Job, StoredDataset, normalise_dataset, read_part
from taiyi_corpus.pipeline.gather import missing
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located, locate
from taiyi_corpus.spec.registry import Registry


def find(
    registry: Registry, id_: str, data: Path, *, samples: bool = False
) -> tuple[Located, Origin]:
    """Return where a dataset's files are, and whether they are raw data or the bundled sample."""
    folder = registry.sample_dir(id_) if samples else data / id_
    return locate(registry[id_], folder), "sample" if samples else "raw"


def find_either(registry: Registry, id_: str, data: Path) -> tuple[Located, Origin]:
    """Return where a dataset's raw data is or, if nothing of it is there, its bundled sample.

    Raises:
        MissingDataError: there is neither.
    """
    raw, origin = find(registry, id_, data)
    if raw.state != "absent":
        return raw, origin
    sample, origin = find(registry, id_, data, samples=True)
    if sample.state == "absent":
        raise MissingDataError(missing(registry, raw, "raw"))
    return sample, origin


def stored(
    registry: Registry, id_: str, data: Path, *, samples: bool = False
) -> tuple[Located, StoredDataset]:
    """Return a dataset's normalised records on disk.

    Raises:
        MissingDataError: nothing of the dataset is there.
        SourceError: a file cannot be read as its format says.
    """
    located, origin = find(registry, id_, data, samples=samples)
    if located.state == "absent":
        raise MissingDataError(missing(registry, located, origin))
    return located, normalise_dataset(Job(located, origin, str(paths.cache_dir())))


def records(dataset: StoredDataset, split: Split | None = None) -> Iterator[Record]:
    """Yield the records of a dataset, part by part."""
    for part in dataset.parts:
        if split is None or part.split == split:
            yield from from_table(read_part(part.path))
