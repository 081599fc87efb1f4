"""Where a large dataset lies, remembered: an archive of a hundred thousand files takes longer to list than to open.

What is remembered holds while the dataset's folder has the same files and none of them changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from taiyi_corpus import kept, remote
from taiyi_corpus.schema.record import Split
from taiyi_corpus.sources.locate import Located, LocatedSource, State, files_of, locate
from taiyi_corpus.sources.stamps import Stamp, settled, stamp
from taiyi_corpus.spec.dataset import DatasetSpec

MANY = 10_000  # files, in archives mostly: fewer are listed soon
_ON_DISK = 1_000  # files: to look at more takes its time, too


class _Known(msgspec.Struct):
    stamps: dict[str, Stamp]  # of every file below the folder
    state: State
    variant: str | None
    splits: list[Split]
    missing: list[str]
    files: list[str]  # that the dataset is read from


def located(spec: DatasetSpec, folder: Path | None, cache: Path) -> Located:
    """Locate a dataset as `locate` does, or from memory: then `files` is set, and no member is named.

    Raises:
        SourceError: as `locate`.
    """
    if folder is None or remote.is_mirror(folder) or (before := _stamps(folder)) is None:
        return locate(spec, folder)
    place = cache / "sources" / spec.id / _key(spec, folder)
    quiet = all(map(settled, before.values()))
    if (data := kept.read(place)) is not None:
        known = msgspec.json.decode(data, type=_Known)
        if known.stamps == before:
            splits: dict[Split, list[LocatedSource]] = {split: [] for split in known.splits}
            files = [folder / name for name in known.files]
            return Located(
                spec, folder, known.state, splits, {}, known.missing, known.variant, files
            )
    found = locate(spec, folder)
    if quiet and count_of(found) >= MANY and _stamps(folder) == before:
        names = [file.relative_to(folder).as_posix() for file in files_of(found)]
        made = _Known(before, found.state, found.variant, list(found.splits), found.missing, names)
        kept.write(place, msgspec.json.encode(made))
    return found


def count_of(found: Located) -> int:
    """Return how many files, members of archives each, the splits of a dataset are read from."""
    return sum(len(source.members) for some in found.splits.values() for source in some)


def _key(spec: DatasetSpec, folder: Path) -> str:
    code = kept.code_version("sources", "spec")
    return kept.key("located", code, spec.model_dump_json(), str(folder.absolute()))


def _stamps(folder: Path) -> dict[str, Stamp] | None:
    """Return the stamp of every file below a folder; None where there are many."""
    found: dict[str, Stamp] = {}
    for here, folders, files in os.walk(folder, followlinks=True):
        if len(found) + len(folders) + len(files) > _ON_DISK:
            return None
        for path in filter(Path.is_file, (Path(here, name) for name in files)):  # no broken links
            found[path.relative_to(folder).as_posix()] = stamp(path)
    return found
