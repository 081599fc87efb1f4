"""`taiyi.lock`: what every source was when it was first seen, and what a build was made with.

Sorted JSON, to be kept beside a project: two people with the same lock file and `build --locked` get the same bytes.
"""

from __future__ import annotations

import importlib.metadata
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from taiyi_corpus import paths
from taiyi_corpus.adapters import adapters
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.fetch.addresses import shown
from taiyi_corpus.fetch.blobs import Blob, identify
from taiyi_corpus.hashing import file_sha256, text_hash
from taiyi_corpus.sources.locate import Located, files_of
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.version import VERSION

NAME = "taiyi.lock"
_FORMAT = 1
NOTHING = "nothing, as locked"
_AGAIN = "If the new state is right, write it down with `taiyi-corpus lock`."


class LockedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: where it came from, if it was downloaded, and what it is."""

    sha256: str
    size: int
    url: str | None = None


class LockedDataset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dataset: its files by path, the commit on the Hub, and hashes of its registry file and adapter."""

    files: dict[str, LockedFile]
    revision: str | None = None
    spec: str | None = None
    adapter: str | None = None


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lock file."""

    format: int = _FORMAT
    versions: dict[str, str] = {}
    templates: dict[str, str] = {}
    datasets: dict[str, LockedDataset] = {}


def read_lock(path: Path, *, required: bool = False) -> Lock:
    """Return what a lock file says; an empty lock if there is none.

    Raises:
        InputError: it is no lock file of a format that is known, or there is none although it is `required`.
    """
    if required and not path.is_file():
        raise InputError(Fault(str(path), "a lock file", "none", "`taiyi-corpus lock` writes one."))
    if not path.is_file():
        return Lock()
    hint = "Put back the version that was right, or remove the file and lock anew."
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=Lock)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(Fault(str(path), "a lock file", str(error), hint)) from error
    if lock.format != _FORMAT:
        raise InputError(Fault(str(path), f"format {_FORMAT}", f"format {lock.format}", hint))
    return lock


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock file, whole or not at all; the same content gives the same bytes."""
    text = msgspec.json.format(msgspec.json.encode(lock, order="sorted"), indent=1)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    temporary.write_bytes(text + b"\n")
    temporary.replace(path)


def with_files(
    lock: Lock, found: Mapping[str, tuple[str | None, Mapping[str, LockedFile]]]
) -> Lock:
    """Return a lock that also knows the files of some datasets: id -> (commit on the Hub, files)."""
    datasets = dict(lock.datasets)
    for id_, (revision, files) in found.items():
        before = datasets.get(id_, LockedDataset({}))
        datasets[id_] = msgspec.structs.replace(
            before, files={**before.files, **files}, revision=revision or before.revision
        )
    return msgspec.structs.replace(lock, datasets=datasets)


def locked(lock: Lock, all_located: Mapping[str, Located]) -> Lock:
    """Return a lock that says how things are now: of these datasets, the templates and the versions.

    A dataset that is not there keeps its entry. The hash of every file is taken anew.
    """
    datasets = dict(lock.datasets)
    for id_, located in all_located.items():
        if located.state != "absent":
            before = datasets.get(id_, LockedDataset({}))
            datasets[id_] = LockedDataset(
                files={
                    path: LockedFile(blob.sha256, blob.size, _origin(located.spec, before, path))
                    for path, blob in _blobs(located, before).items()
                },
                revision=before.revision,
                spec=_spec_hash(located.spec),
                adapter=_adapter_hash(located),
            )
    return Lock(_FORMAT, versions(), template_hashes(), datasets)


def check(lock: Lock, all_located: Mapping[str, Located]) -> list[Fault]:
    """Return everything that differs from the lock: versions, templates, and these datasets with all their files."""
    gone = [
        Fault(id_, "its files, as locked", "none", f"Run `taiyi-corpus fetch {id_}`.")
        for id_, located in all_located.items()
        if located.state == "absent" and id_ in lock.datasets
    ]
    return gone + differences(lock, locked(lock, all_located), all_located)


def differences(before: Lock, now: Lock, ids: Iterable[str]) -> list[Fault]:
    """Return what differs between two locks, of their datasets those of some ids."""
    was, is_ = _flat(before, ids), _flat(now, ids)
    return [
        Fault(what, was.get(what, NOTHING), is_.get(what, "nothing"), _AGAIN)
        for what in sorted({*was, *is_})
        if was.get(what) != is_.get(what)
    ]


def refuse_different(
    lock: Lock, all_located: Mapping[str, Located], origin: Literal["raw", "sample"] = "raw"
) -> None:
    """Refuse a build that would differ from the lock.

    Raises:
        InputError: every difference.
    """
    if origin == "sample":
        hint = "Run `taiyi-corpus fetch`, or build without --locked."
        raise InputError(Fault("--locked", "the raw data that is locked", "bundled samples", hint))
    if faults := check(lock, all_located):
        raise InputError(faults)


def versions() -> dict[str, str]:
    """Return the versions of the packages that decide the bytes of a build."""
    return {"pyarrow": importlib.metadata.version("pyarrow"), "taiyi-corpus": VERSION}


def template_hashes() -> dict[str, str]:
    """Return the hash of every template file, by "<language>/<task>"."""
    root = paths.bundled("templates")
    return {
        path.relative_to(root).with_suffix("").as_posix(): file_sha256(path)
        for path in sorted(root.rglob("*.yaml"))
    }


def _flat(lock: Lock, ids: Iterable[str]) -> dict[str, str]:
    """Return everything a lock says, by the name it has in messages."""
    flat = {f"version of {name}": version for name, version in lock.versions.items()}
    flat |= {f"template {name}": sha256 for name, sha256 in lock.templates.items()}
    for id_ in ids:
        if found := lock.datasets.get(id_):
            flat |= {f"{id_}/{path}": file.sha256 for path, file in found.files.items()}
            parts = {
                "revision": found.revision,
                "registry file": found.spec,
                "adapter": found.adapter,
            }
            flat |= {f"{id_} {what}": value for what, value in parts.items() if value is not None}
    return flat


def _blobs(located: Located, before: LockedDataset) -> dict[str, Blob]:
    """Return what the files of a dataset are: those it is read from, and those that were fetched beside them."""
    folder = located.folder or Path()
    read = [file.relative_to(folder).as_posix() for file in files_of(located)]
    others = [*before.files, *(file.path for file in located.spec.source.files)]
    return {
        path: identify(folder / path)
        for path in sorted({*read, *others})
        if (folder / path).is_file()
    }


def _origin(spec: DatasetSpec, before: LockedDataset, path: str) -> str | None:
    urls = {file.path: shown(file.url) for file in spec.source.files}
    return urls.get(path) or (before.files[path].url if path in before.files else None)


def _spec_hash(spec: DatasetSpec) -> str:
    return text_hash(spec.model_dump_json())


def _adapter_hash(located: Located) -> str | None:
    """Return the hash of an adapter's code, None where there is none."""
    spec = located.spec
    name = spec.adapter if located.variant is None else spec.variants[located.variant].adapter
    if name is None or name not in adapters():
        return None
    return file_sha256(Path(__file__).parents[1] / "adapters" / f"{name}.py")
