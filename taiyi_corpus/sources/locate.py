"""Which files of a dataset are there: ready, partial or absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from taiyi_corpus import remote
from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.schema.record import SPLITS, Split
from taiyi_corpus.sources import names
from taiyi_corpus.sources.find import match, members
from taiyi_corpus.sources.member import Member
from taiyi_corpus.spec.dataset import (
    DatasetSpec,
    IdList,
    SideTable,
    SplitSource,
    SplitSpec,
    Variant,
)

__all__ = [
    "Located", "LocatedSource", "files_of", "form", "locate", "locate_among", "match", "members", "unlisted",
    "where_missing", "without_files",
]  # fmt: skip

State = Literal["ready", "partial", "absent"]


@dataclass(frozen=True, slots=True)
class LocatedSource:
    """The files of one part of a split.

    `members` is empty while one of its id lists is missing: a split cannot be told from the others without it.
    """

    source: SplitSource
    members: list[Member]
    only: Member | None
    without: Member | None
    missing: list[str]  # patterns nothing matches


@dataclass(frozen=True, slots=True)
class Located:
    """The files of a dataset, in its main form (`variant` is None) or another released form."""

    spec: DatasetSpec
    folder: Path | None
    state: State
    splits: dict[Split, list[LocatedSource]]
    side: dict[str, list[Member]]
    missing: list[
        str
    ]  # "split: pattern" or "side name: pattern", of what the dataset needs to be ready
    variant: str | None = None
    files: list[Path] | None = None  # those on disk, where members are not named


def form(located: Located) -> Variant | DatasetSpec:
    """Return what says how to read the files found: the variant, else the dataset's main form."""
    return located.spec if located.variant is None else located.spec.variants[located.variant]


def locate(spec: DatasetSpec, folder: Path | None) -> Located:
    """Look for a dataset's files below `folder`: first its main form, then its variants in order.

    A split without which a dataset is whole (`optional`) never makes it partial. Nothing found in any form gives the
    main form, absent.

    Raises:
        SourceError: an archive in the folder is damaged or unsafe, or a pattern is ambiguous.
    """
    if folder is not None:
        remote.refresh(folder)
    found = members(folder) if folder is not None and folder.is_dir() else []
    return locate_among(spec, folder, found)


def locate_among(spec: DatasetSpec, folder: Path | None, found: Sequence[Member]) -> Located:
    """Look for a dataset's files among some members, as `locate` does among those below a folder.

    Raises:
        SourceError: a pattern is ambiguous.
    """
    main = _locate_form(spec, folder, found, None)
    if main.state != "absent" or not found:
        return main
    others = (_locate_form(spec, folder, found, name) for name in spec.variants)
    return next((other for other in others if other.state != "absent"), main)


def without_files(located: Located) -> Located:
    """Return what is known of a dataset but its files: an archive may hold hundreds of thousands."""
    return replace(located, splits={split: [] for split in located.splits}, side={})


def unlisted(located: Located) -> Located:
    """Return what is known of a dataset without its members, but with the files on disk that hold them."""
    return replace(without_files(located), files=files_of(located))


def files_of(located: Located) -> list[Path]:
    """Return the files on disk that a dataset is read from, archives as such, sorted."""
    if located.files is not None:
        return located.files
    found = [
        member
        for sources in located.splits.values()
        for source in sources
        for member in (*source.members, source.only, source.without)
        if member is not None
    ]
    found += [member for table in located.side.values() for member in table]
    return sorted({member.file for member in found})


def where_missing(located: Located) -> Fault:
    """Return the fault of a dataset that is needed, of which nothing or not all is there."""
    spec, folder = located.spec, located.folder
    packed = [
        path.name
        for path in sorted(folder.rglob("*") if folder else [])
        if path.name.lower().endswith(names.UNSUPPORTED)
    ]
    if folder is None:
        found = "no folder"
    elif packed:
        found = f"none of them in {folder}, only {', '.join(packed)}"
    else:
        found = f"nothing in {folder}" if located.state == "absent" else f"none of them in {folder}"
    return Fault(
        spec.id,
        f"the files {'; '.join(located.missing)}" if located.missing else "the dataset's files",
        found,
        _how_to_get(spec, folder, packed),
    )


def _how_to_get(spec: DatasetSpec, folder: Path | None, packed: Sequence[str]) -> str:
    if packed:
        return f"Unpack {', '.join(packed)} by hand: archives of this kind are not read."
    place = f"{folder}" if folder else spec.id
    steps = [f"Download {file.url} to {place}/{file.path}." for file in spec.source.files]
    if spec.source.hub:
        steps.append(f"Download the Hub dataset {spec.source.hub.repo} to {place}.")
    if spec.source.manual:
        steps.append(spec.source.manual.strip())
    return " ".join(steps) or f"Put them into {place}."


def _locate_form(
    spec: DatasetSpec, folder: Path | None, found: Sequence[Member], variant: str | None
) -> Located:
    splits = spec.splits if variant is None else spec.variants[variant].splits
    finder = _Finder(found, _patterns(splits, spec.side))
    located: dict[Split, list[LocatedSource]] = {
        split: [_source(finder, source) for source in splits[split].sources]
        for split in SPLITS
        if split in splits
    }
    missing = [
        f"{split}: {pattern}"
        for split, sources in located.items()
        if not splits[split].optional
        for source in sources
        for pattern in source.missing
    ]
    side: dict[str, list[Member]] = {}
    for name, table in spec.side.items():
        side[name], unmatched = finder.all(table.files)
        # Side tables belong to the main form; a variant takes them where they are.
        if variant is None:
            missing += [f"{name}: {pattern}" for pattern in unmatched]
    state: State = "partial" if missing else "ready"
    if not any(source.members for sources in located.values() for source in sources):
        state = "absent"
    return Located(spec, folder, state, located, side, missing, variant)


def _source(finder: _Finder, source: SplitSource) -> LocatedSource:
    files, missing = finder.all(source.files)
    only, without = finder.one(source.only), finder.one(source.without)
    lost = [
        ids.file
        for ids, member in ((source.only, only), (source.without, without))
        if ids is not None and ids.file is not None and member is None
    ]
    return LocatedSource(source, [] if lost else files, only, without, missing + lost)


def _patterns(splits: dict[Split, SplitSpec], side: dict[str, SideTable]) -> set[str]:
    sources = [source for split in splits.values() for source in split.sources]
    lists = [ids.file for s in sources for ids in (s.only, s.without) if ids and ids.file]
    return {
        *lists,
        *(pattern for source in sources for pattern in source.files),
        *(pattern for table in side.values() for pattern in table.files),
    }


class _Finder:
    """Matches the patterns of one form of a dataset against the files found.

    The first folder of a pattern may not be left out where it is all that tells two patterns apart: `train/*.txt` and
    `test/*.txt` would both become `*.txt`.
    """

    def __init__(self, found: Sequence[Member], patterns: Iterable[str]) -> None:
        self._found = found
        heads: defaultdict[str, set[str]] = defaultdict(set)
        for pattern in patterns:
            head, _, rest = pattern.partition("/")
            heads[rest].add(head)
        self._kept = {rest for rest, found_heads in heads.items() if len(found_heads) > 1}

    def all(self, patterns: Iterable[str]) -> tuple[list[Member], list[str]]:
        """Return the members of several patterns, each once, and the patterns nothing matches."""
        files: dict[int, Member] = {}
        missing: list[str] = []
        for pattern in patterns:
            matched = self._match(pattern)
            files.update(zip(map(id, matched), matched, strict=True))
            if not matched:
                missing.append(pattern)
        return list(files.values()), missing

    def one(self, ids: IdList | None) -> Member | None:
        """Return the one member of an id list, if it is there."""
        if ids is None or ids.file is None:
            return None
        matched = self._match(ids.file)
        if len(matched) > 1:
            listed = ", ".join(member.path for member in matched)
            raise SourceError(Fault(ids.file, "one list of ids", listed))
        return matched[0] if matched else None

    def _match(self, pattern: str) -> list[Member]:
        rest = pattern.partition("/")[2]
        return match(self._found, pattern, leave_out=rest not in self._kept)
