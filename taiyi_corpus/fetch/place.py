"""Files data got by hand: finds out how a file or folder fits a dataset, verifies it and links it in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from taiyi_corpus.errors import Fault, InputError, SourceError
from taiyi_corpus.fetch.blobs import Blobs, identify
from taiyi_corpus.fetch.partial import Known
from taiyi_corpus.fetch.unfold import root_of, unfold
from taiyi_corpus.schema.record import SPLITS
from taiyi_corpus.sources import names
from taiyi_corpus.sources.find import inside, members
from taiyi_corpus.sources.locate import Located, files_of, locate_among
from taiyi_corpus.sources.member import Member
from taiyi_corpus.spec.dataset import DatasetSpec


@dataclass(frozen=True, slots=True)
class Placed:
    """What was filed, by path below the dataset's folder, and what there is of the dataset now."""

    filed: list[str]
    located: Located


@dataclass(frozen=True, slots=True)
class _View:
    """How something would lie below the dataset's folder: its members, and where each file of it would go."""

    members: list[Member]
    targets: dict[Path, str]


def place(spec: DatasetSpec, given: Sequence[Path], folder: Path, blobs: Blobs,
          known: Mapping[str, Known]) -> Placed:  # fmt: skip
    """File what of some files and folders a dataset is made of below `folder`; the rest is left where it is.

    A path may be an archive or its unpacked folder, with one folder more or less. The files are copied into the cache.

    Args:
        known: path below the folder -> what the file must be.

    Raises:
        InputError: a path is none, holds nothing of the dataset, or holds other bytes than are known; nothing is filed.
        SourceError: an archive is damaged or unsafe.
    """
    faults = [Fault(str(p), "a file or folder", "nothing") for p in given if not p.exists()]
    faults += [
        Fault(
            str(p),
            "an archive that can be read",
            f"a {p.suffix}",
            "Unpack it by hand and place the folder.",
        )
        for p in given
        if p.is_file() and p.name.lower().endswith(".7z")
    ]
    if faults:
        raise InputError(faults)
    there = members(folder) if folder.is_dir() else []
    with tempfile.TemporaryDirectory(prefix="taiyi-corpus-") as scratch:
        targets: dict[Path, str] = {}
        for number, path in enumerate(given):
            space = Path(scratch, str(number))
            space.mkdir()
            view = _best(spec, folder, there, _views(spec, path, known))
            if view is None:
                view = _best(spec, folder, there, _unfolded(spec, path, known, space))
            if view is None:
                faults.append(_unknown(spec, path))
                continue
            there = there + view.members
            targets |= view.targets
        located = locate_among(spec, folder, there)
        wanted = {file: targets[file] for file in files_of(located) if file in targets}
        faults += [
            fault for file, target in wanted.items() for fault in _differs(file, target, known)
        ]
        if faults:
            raise InputError(faults)
        for file, target in wanted.items():
            blobs.link(blobs.copy(file), folder / target)
    return Placed(sorted(wanted.values()), locate_among(spec, folder, members(folder)))


def complete(spec: DatasetSpec, folder: Path, blobs: Blobs) -> Located:
    """Unfold what lies folded in a dataset's folder if that gives more of the dataset; return what there is now.

    Raises:
        SourceError: an archive is damaged or unsafe, or there is no tool for a .rar.
    """
    there = members(folder) if folder.is_dir() else []
    before = locate_among(spec, folder, there)
    if before.state == "ready" or not there:
        return before
    with tempfile.TemporaryDirectory(prefix="taiyi-corpus-") as scratch:
        space = Path(scratch)
        new = unfold(there, space)
        after = locate_among(spec, folder, there + new)
        if _score(after) <= _score(before):
            return before
        targets = {m.file: m.file.relative_to(root_of(m, space)).as_posix() for m in new}
        for file in files_of(after):
            if file in targets:
                blobs.link(blobs.copy(file), folder / targets[file])
    return locate_among(spec, folder, members(folder))


def _best(
    spec: DatasetSpec, folder: Path, there: list[Member], views: Iterator[_View]
) -> _View | None:
    """Return the view that gives most of the dataset, the first of equals; None if none gives more than is there."""
    best, most = None, _score(locate_among(spec, folder, there))
    for view in views:
        try:
            score = _score(locate_among(spec, folder, there + view.members))
        except SourceError:
            continue  # ambiguous: not how it is meant
        if score > most:
            best, most = view, score
    return best


def _score(located: Located) -> tuple[int, int, int]:
    """Return how much of a dataset is there, greater is more: its state, its patterns, its files.

    Files of one name and size count once: a second copy in another folder is not more.
    """
    sources = [source for split in SPLITS for source in located.splits.get(split, [])]
    missing = sum(len(source.missing) for source in sources)
    missing += sum(not found for found in located.side.values())
    files = {
        (member.path.rpartition("/")[2], member.size)
        for found in (*(source.members for source in sources), *located.side.values())
        for member in found
    }
    return ("absent", "partial", "ready").index(located.state), -missing, len(files)


def _views(spec: DatasetSpec, path: Path, known: Mapping[str, Known]) -> Iterator[_View]:
    if path.is_file():
        yield from _file_views(spec, path, known)
        return
    found = members(path)
    name = path.resolve().name
    for prefix in (f"{name}/", "", *_heads(spec)):
        moved = [replace(member, path=prefix + member.path) for member in found]
        yield _View(moved, {m.file: prefix + m.file.relative_to(path).as_posix() for m in found})


def _file_views(spec: DatasetSpec, path: Path, known: Mapping[str, Known]) -> Iterator[_View]:
    targets = [path.name]
    hashes = {of.sha256: target for target, of in known.items() if of.sha256 is not None}
    if hashes and (target := hashes.get(identify(path).sha256)):
        targets.insert(0, target)  # known by its bytes, whatever it is called now
    if names.is_archive(path.name):
        targets += [head + path.name for head in _heads(spec)]
    for target in dict.fromkeys(targets):
        yield _View(inside(path, target), {path: target})


def _heads(spec: DatasetSpec) -> list[str]:
    """Return the first folder of all patterns; none if there are several, for then it is what tells them apart."""
    forms = [spec.splits, *(variant.splits for variant in spec.variants.values())]
    heads = {
        pattern.partition("/")[0] if "/" in pattern else ""
        for splits in forms
        for split in splits.values()
        for source in split.sources
        for pattern in source.files
    }
    return [f"{head}/" for head in heads if head and "*" not in head] if len(heads) == 1 else []


def _unfolded(
    spec: DatasetSpec, path: Path, known: Mapping[str, Known], space: Path
) -> Iterator[_View]:
    first = next(_views(spec, path, known))
    new = unfold(first.members, space)
    targets = {m.file: m.file.relative_to(root_of(m, space)).as_posix() for m in new}
    yield _View(first.members + new, first.targets | targets)


def _differs(file: Path, target: str, known: Mapping[str, Known]) -> list[Fault]:
    of = known.get(target)
    if of is None or (of.sha256 is None and of.size is None):
        return []
    blob = identify(file)
    if of.sha256 not in (None, blob.sha256):
        hint = "It is another release, or damaged."
        return [Fault(str(file), f"SHA-256 {of.sha256}", blob.sha256, hint)]
    if of.size not in (None, blob.size):
        return [Fault(str(file), f"{of.size:,} bytes", f"{blob.size:,}")]
    return []


def _unknown(spec: DatasetSpec, path: Path) -> Fault:
    patterns = [
        pattern
        for split in spec.splits.values()
        for source in split.sources
        for pattern in source.files
    ]
    hint = "If it is there already, nothing is to be done; else look whether it is the release that is meant."
    if path.is_file() and names.is_archive(path.name):
        hint += " An archive with folders of other names: unpack it, and place the folder that holds these files."
    return Fault(
        str(path), f"files of {spec.id} that are not there yet: {'; '.join(patterns)}", "none", hint
    )
