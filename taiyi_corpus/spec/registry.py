"""Finds registry files and reads them: `<folder>/<id>.yaml`, or `<folder>/{en,zh,general,extra}/<id>.yaml`.

What else lies in such a folder (`samples/`, `recipes/`) is no dataset. Discovery knows file names only, so that asking
for one dataset reads one file.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.parsed import recall, remember
from taiyi_corpus.spec.strict import read_model, show_path

FOLDERS = ("en", "zh", "general", "extra")
USER = "user"  # what `Registry.folder` says of a file that lies in none of them


@dataclass(frozen=True, slots=True)
class Entry:
    """A registry file: the id it is named by, where it is, below which directory, in which folder."""

    id: str
    path: Path
    root: Path
    folder: str

    @property
    def shown(self) -> str:
        """The path as messages show it."""
        return show_path(self.path, self.root)


class Registry(Mapping[str, DatasetSpec]):
    """Datasets by id, in the order of ids. Does not change."""

    def __init__(self, specs: Mapping[str, DatasetSpec], entries: Mapping[str, Entry]) -> None:
        self._specs = {id_: specs[id_] for id_ in sorted(specs)}
        self._entries = dict(entries)

    def __getitem__(self, id_: str) -> DatasetSpec:
        return self._specs[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def path(self, id_: str) -> Path:
        """Return the file that states a dataset."""
        return self._entries[id_].path

    def root(self, id_: str) -> Path:
        """Return the registry directory below which that file lies."""
        return self._entries[id_].root

    def folder(self, id_: str) -> str:
        """Return "en", "zh", "general", "extra", or "user" for a file that lies in none of these."""
        return self._entries[id_].folder

    def sample_dir(self, id_: str) -> Path | None:
        """Return the folder of the bundled sample, None where a dataset has none."""
        folder = self.root(id_) / "samples" / id_
        return folder if folder.is_dir() else None


def load_registry(dirs: Sequence[Path], ids: Collection[str] | None = None) -> Registry:
    """Return the datasets of some directories, or only those asked for by id.

    Raises:
        InputError: every fault of every file read; ids that two files share; ids that no file has.
    """
    entries = discover(dirs)
    wanted = sorted(entries if ids is None else set(ids))
    if unknown := [id_ for id_ in wanted if id_ not in entries]:
        raise InputError(_unknown(id_, entries) for id_ in unknown)
    files = {id_: entries[id_].path for id_ in wanted}
    if ids is None and (known := recall(files, dirs)) is not None:
        return Registry(known, entries)
    specs: dict[str, DatasetSpec] = {}
    faults: list[Fault] = []
    for entry in (entries[id_] for id_ in wanted):
        try:
            spec = read_model(entry.path, DatasetSpec, root=entry.root)
        except InputError as error:
            faults += error.faults
            continue
        specs[entry.id] = spec
        if spec.id != entry.id:
            hint = f"Call the file {spec.id}.yaml, or write id: {entry.id}."
            faults.append(Fault(entry.shown, f"`id` {entry.id!r}", repr(spec.id), hint))
    if faults:
        raise InputError(faults)
    if ids is None:
        remember(specs, files, dirs)
    return Registry(specs, entries)


def discover(dirs: Iterable[Path]) -> dict[str, Entry]:
    """Return the registry files of some directories by id, unread.

    Raises:
        InputError: a directory that is none, a file named .yml, an id that two files share.
    """
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    # A directory named twice (the checkout's own, and --registry registry) is one directory.
    for root in {path.resolve(): path for path in dirs}.values():
        if not root.is_dir():
            faults.append(Fault(str(root), "a folder of registry files", "no folder"))
            continue
        for entry in _entries(root):
            first = entries.setdefault(entry.id, entry)
            if entry.path.suffix != ".yaml":
                hint = f"Call it {entry.id}.yaml."
                faults.append(Fault(entry.shown, "a file named .yaml", entry.path.suffix, hint))
            elif first is not entry:
                faults.append(_repeated(first, entry))
    if faults:
        raise InputError(faults)
    return entries


def _entries(root: Path) -> Iterator[Entry]:
    for folder in (USER, *FOLDERS):
        place = root if folder == USER else root / folder
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.suffix in (".yaml", ".yml") and not path.name.startswith("."):
                yield Entry(path.stem, path, root, folder)


def _repeated(first: Entry, second: Entry) -> Fault:
    names = (first.shown, second.shown)
    if names[0] == names[1]:  # two directories of one name
        names = (str(first.path), str(second.path))
    hint = "Give one of the two another id."
    return Fault(names[1], f"an id of its own, not {first.id!r}", f"that id in {names[0]}", hint)


def _unknown(id_: str, known: Collection[str]) -> Fault:
    close = difflib.get_close_matches(id_, sorted(known), n=3, cutoff=0.6)
    names = ", ".join(repr(name) for name in close)
    hint = f"Did you mean {names}?" if close else "`taiyi-corpus list` names them all."
    return Fault("registry", "the id of a dataset", repr(id_), hint)
