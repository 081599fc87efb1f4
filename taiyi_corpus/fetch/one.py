"""Fetching one dataset: every file it names, verified, linked below its folder; then what is there now."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import CancelledError, Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from filelock import Timeout

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.fetch.addresses import shown
from taiyi_corpus.fetch.blobs import Blob, identify
from taiyi_corpus.fetch.download import Line, download
from taiyi_corpus.fetch.hub import snapshot
from taiyi_corpus.fetch.lock import Lock, LockedFile
from taiyi_corpus.fetch.partial import Known
from taiyi_corpus.fetch.place import complete
from taiyi_corpus.fetch.state import instructions
from taiyi_corpus.fetch.transfer import Stopped
from taiyi_corpus.sources import names
from taiyi_corpus.sources.locate import Located, locate
from taiyi_corpus.spec.dataset import DatasetSpec, HubSource, SourceFile

Outcome = Literal["have", "fetched", "manual", "failed"]


class Progress(Protocol):
    """Shows how far a file is; called from several threads."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` bytes of `what` are there."""
        ...


def silent(what: str, done: int, total: int | None) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one dataset."""

    id: str
    outcome: Outcome
    state: str  # ready, partial, absent
    files: dict[str, LockedFile]  # files seen and verified, by path below the dataset's folder
    revision: str | None = None  # commit on the Hub
    downloaded: int = 0  # bytes that were not there before
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    manual: str = ""  # what to get by hand, and how


@dataclass(frozen=True, slots=True)
class Wish:
    """How to fetch."""

    data: Path
    lock: Lock
    offline: bool = False
    update: bool = False  # take what the addresses give now, whatever the lock says
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file that is there and verified; `new` if it was not there before."""

    blob: Blob
    url: str
    new: bool


def fetch_one(spec: DatasetSpec, line: Line, wish: Wish, files: Executor) -> Fetched:
    """Fetch one dataset; whatever goes wrong with it is in the result."""
    seen: dict[str, _Seen] = {}
    revision: str | None = None
    faults: list[Fault] = []
    folder = wish.data / spec.id
    try:
        known = known_of(spec, wish.lock, update=wish.update)
        before = locate(spec, folder)
        jobs = {
            file.path: files.submit(_file, file, folder, known[file.path], line, wish)
            for file in spec.source.files
            if before.state != "ready" or (folder / file.path).exists()
        }
        for path, job in jobs.items():
            try:
                seen[path] = job.result()
            except InputError as error:
                faults += error.faults
        if spec.source.hub is not None:
            revision, taken = _hub(spec, spec.source.hub, folder, known, before, line, wish)
            seen |= taken
        located = complete(spec, folder, line.blobs)
    except InputError as error:
        return _result(spec, None, seen, revision, [*faults, *error.faults], folder)
    except (Stopped, Timeout, CancelledError):
        stop = Fault(spec.id, "time to finish", "the wish to stop", "The next run continues.")
        return _result(spec, None, seen, revision, [stop], folder)
    except OSError as error:
        return _result(
            spec,
            None,
            seen,
            revision,
            [Fault(spec.id, "a disk that takes its files", str(error))],
            folder,
        )
    return _result(spec, located, seen, revision, faults, folder)


def _result(spec: DatasetSpec, located: Located | None, seen: Mapping[str, _Seen], revision: str | None,
            faults: list[Fault], folder: Path) -> Fetched:  # fmt: skip
    state = located.state if located else "absent"
    missing = tuple(located.missing) if located else ()
    by_hand = spec.source.manual is not None or not (spec.source.files or spec.source.hub)
    outcome: Outcome = "fetched" if any(file.new for file in seen.values()) else "have"
    if state != "ready" and not faults:
        outcome = "manual"
        if not by_hand:
            hint = "What came is another release, or the registry file is wrong."
            faults = [
                Fault(spec.id, f"the files {'; '.join(missing)}", "none in what was fetched", hint)
            ]
    if faults:
        outcome = "failed"
    help_ = instructions(spec, folder, list(missing)) if by_hand and state != "ready" else ""
    return Fetched(
        id=spec.id,
        outcome=outcome,
        state=state,
        files={p: LockedFile(f.blob.sha256, f.blob.size, f.url) for p, f in seen.items()},
        revision=revision,
        downloaded=sum(file.blob.size for file in seen.values() if file.new),
        missing=missing,
        faults=tuple(faults),
        manual=help_,
    )


def _file(file: SourceFile, folder: Path, known: Known, line: Line, wish: Wish) -> _Seen:
    """Verify a file that is there, or get it and link it in."""
    where, target = f"{folder.name}/{file.path}", folder / file.path
    url = shown(file.url)
    if target.is_file() and not wish.update:
        blob = identify(target)
        _refuse_other(blob, known, where)
        return _Seen(blob, url, new=False)
    before = identify(target) if target.is_file() else None

    def count(done: int, total: int | None) -> None:
        wish.progress(where, done, total)

    if line.stop.is_set():
        raise Stopped
    blob = download(line, file, known, where, count, offline=wish.offline, again=wish.update)
    line.blobs.link(blob, target, replace=wish.update)
    return _Seen(blob, url, new=blob != before)


def _hub(spec: DatasetSpec, hub: HubSource, folder: Path, known: Mapping[str, Known], before: Located, line: Line,
         wish: Wish) -> tuple[str | None, dict[str, _Seen]]:  # fmt: skip
    """Get the files of a Hub dataset that are not there as locked; return the commit and what is there."""
    locked = wish.lock.datasets.get(spec.id)
    revision = hub.revision or (locked.revision if locked and not wish.update else None)
    if not wish.update and before.state == "ready":
        there = {path: identify(folder / path) for path in known if (folder / path).is_file()}
        for path, blob in there.items():
            _refuse_other(blob, known[path], f"{spec.id}/{path}")
        return revision, {
            p: _Seen(blob, _hub_url(hub, revision, p), new=False) for p, blob in there.items()
        }
    taken = snapshot(hub, revision, line.blobs, spec.id, offline=wish.offline)
    seen: dict[str, _Seen] = {}
    for path, blob in taken.files.items():
        if names.escapes(names.clean(path)):
            raise InputError(
                Fault(f"{spec.id}/{path}", "a path inside the dataset", "one that leads out")
            )
        _refuse_other(blob, known.get(path, Known()), f"{spec.id}/{path}")
        new = not (folder / path).is_file()
        line.blobs.link(blob, folder / path, replace=wish.update)
        seen[path] = _Seen(blob, _hub_url(hub, taken.revision, path), new)
    return taken.revision, seen


def _hub_url(hub: HubSource, revision: str | None, path: str) -> str:
    return f"hub:{hub.repo}@{revision or 'main'}/{path}"


def _refuse_other(blob: Blob, known: Known, where: str) -> None:
    if known.sha256 not in (None, blob.sha256):
        hint = "Move the file away and fetch again; `fetch --update` takes what is given now."
        raise InputError(Fault(where, f"SHA-256 {known.sha256}", blob.sha256, hint))
    if known.size not in (None, blob.size):
        raise InputError(Fault(where, f"{known.size:,} bytes", f"{blob.size:,}"))


def known_of(spec: DatasetSpec, lock: Lock, *, update: bool = False) -> dict[str, Known]:
    """Return what is known of a dataset's files: path -> hash and size, of the registry or the lock.

    Raises:
        InputError: the two contradict each other, or a path leads out of the dataset's folder.
    """
    known = {file.path: Known(file.sha256, file.size) for file in spec.source.files}
    faults = [
        Fault(f"{spec.id}: {path}", "a path below the dataset's folder", "one that leads out")
        for path in known
        if not path or names.escapes(names.clean(path))
    ]
    locked = lock.datasets.get(spec.id)
    for path, file in locked.files.items() if locked and not update else ():
        said = known.get(path, Known())
        if said.sha256 not in (None, file.sha256):
            hint = "`fetch --update` takes the registry's word and changes the lock."
            faults.append(
                Fault(f"{spec.id}/{path}", f"SHA-256 {said.sha256}, as in the registry",
                      f"{file.sha256} in the lock file", hint)
            )  # fmt: skip
        known[path] = Known(file.sha256, file.size)
    if faults:
        raise InputError(faults)
    return known
