"""Registry files that were read before: what their YAML said, kept for as long as no file changes.

Reading all of the registry strictly takes longer than most commands. What is kept was free of faults when it was
written; a file with a fault keeps nothing, so its faults are told each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from taiyi_corpus import kept, paths
from taiyi_corpus.spec.dataset import DatasetSpec


class _Parsed(msgspec.Struct):
    key: str
    specs: dict[str, msgspec.Raw]


def recall(files: Mapping[str, Path], dirs: Sequence[Path]) -> dict[str, DatasetSpec] | None:
    """Return id -> what its file says, if all files are as they were when that was kept."""
    data = kept.read(_place(dirs))
    if data is None:
        return None
    found = msgspec.json.decode(data, type=_Parsed)
    if found.key != _key(files):
        return None
    return {
        id_: DatasetSpec.model_validate_json(bytes(raw), by_alias=True, by_name=False)
        for id_, raw in found.specs.items()
    }


def remember(
    specs: Mapping[str, DatasetSpec], files: Mapping[str, Path], dirs: Sequence[Path]
) -> None:
    """Keep what the files say."""
    dumped = {
        id_: msgspec.Raw(spec.model_dump_json(by_alias=True, exclude_unset=True).encode())
        for id_, spec in specs.items()
    }
    with suppress(OSError):  # a cache that may only be read
        kept.write(_place(dirs), msgspec.json.encode(_Parsed(_key(files), dumped)))


def _place(dirs: Sequence[Path]) -> Path:
    here = kept.key(_code(), [str(path.absolute()) for path in dirs])
    return paths.cache_dir() / "registry" / here


def _key(files: Mapping[str, Path]) -> str:
    texts = {id_: kept.file_hash(path) for id_, path in sorted(files.items())}
    return kept.key(_code(), texts)


def _code() -> str:
    return kept.code_version("spec", "schema")
