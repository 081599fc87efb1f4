"""Which datasets are there: ready, partial, absent, or with a file that cannot be opened. Reads no records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.fetch.state import Way, size_on_disk, way
from taiyi_corpus.sources.locate import locate
from taiyi_corpus.spec.registry import Registry


@dataclass(frozen=True, slots=True)
class Status:
    """What there is of one dataset's raw data."""

    id: str
    state: Literal["ready", "partial", "absent", "broken"]
    folder: Path
    variant: str | None  # the released form found, where it is not the main one
    missing: list[str]  # "split: pattern" of what the dataset needs to be ready
    faults: tuple[Fault, ...]  # why it is broken
    way: Way  # what can be done: nothing, fetch it, or get it by hand
    size: int  # bytes on disk


def status(registry: Registry, id_: str, data: Path) -> Status:
    """Return what there is of a dataset's raw data below `data`."""
    folder = data / id_
    try:
        found = locate(registry[id_], folder)
    except SourceError as error:
        return Status(id_, "broken", folder, None, [], error.faults, "manual", size_on_disk(folder))
    size = size_on_disk(folder)
    return Status(id_, found.state, folder, found.variant, found.missing, (), way(found), size)
