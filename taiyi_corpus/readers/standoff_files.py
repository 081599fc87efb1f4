"""Bundles of files that annotate one text (x.txt, x.ann, x.a1 ...), and the row a bundle gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, BinaryIO, Literal

from taiyi_corpus.readers.faults import one, undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.archive import any_in_tar, iter_open
from taiyi_corpus.sources.member import Member
from taiyi_corpus.sources.stream import damage

BadLines = Literal["document", "line"]

# So many bundles are held in memory at a time where a tar is among them: it is read through once for each such batch.
BATCH = 256


@dataclass(slots=True)
class Bundle:
    """The files of one stem, by suffix."""

    stem: str
    files: dict[str, Member] = field(default_factory=dict)


def bundles(
    members: Sequence[Member], suffixes: Sequence[str], same_folder: bool = True
) -> tuple[list[Bundle], list[BadRow]]:
    """Group members by folder and stem, in the order of their paths; with a bad row for each one that fits nowhere.

    Without `same_folder` the stem alone binds them: texts and annotations lie in sibling folders.
    """
    found: dict[tuple[str, str], Bundle] = {}
    strays = []
    for member in sorted(members, key=attrgetter("path")):
        folder, _, name = member.path.rpartition("/")
        for suffix in suffixes:
            if name.endswith(suffix):
                break
        else:
            wanted = f"a file that ends in {' or '.join(suffixes)}"
            strays.append(BadRow(member.path, wanted, repr(name)))
            continue
        stem = name.removesuffix(suffix)
        key = (folder or "." if same_folder else "", stem)
        if (bundle := found.get(key)) is None:
            bundle = found[key] = Bundle(stem)
        if suffix in bundle.files:
            wanted = f"one file {stem}{suffix}"
            strays.append(BadRow(member.path, wanted, f"{bundle.files[suffix].path} besides"))
            continue
        bundle.files[suffix] = member
    return [found[key] for key in sorted(found)], strays


def contents(found: Sequence[Bundle]) -> Iterator[tuple[Bundle, dict[str, bytes]]]:
    """Yield each bundle with the bytes of its files by suffix, in the order given."""
    every = [member for bundle in found for member in bundle.files.values()]
    if not any_in_tar(every):
        packed = iter_open([member for member in every if member.inner is not None])
        for bundle in found:
            yield bundle, {suffix: _bytes(one, packed) for suffix, one in bundle.files.items()}
        return
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        members = [member for bundle in batch for member in bundle.files.values()]
        held = {member: stream.read() for member, stream in iter_open(members)}
        for bundle in batch:
            yield bundle, {suffix: held[member] for suffix, member in bundle.files.items()}


def _bytes(member: Member, packed: Iterator[tuple[Member, BinaryIO]]) -> bytes:
    """Return the bytes of a member, the next of `packed` if it is not a file of its own."""
    if member.inner is not None:
        return next(packed)[1].read()
    # There are thousands of them, and most are small: no stream is made of each.
    with damage(str(member.file)), member.file.open("rb", buffering=0) as file:
        return file.read()


def decoded(
    bundle: Bundle, raw: dict[str, bytes], encoding: str
) -> tuple[dict[str, str], BadRow | None]:
    """Return the texts of a bundle's files, line ends untouched, or the first file that does not decode."""
    texts: dict[str, str] = {}
    suffix = ""
    try:
        for suffix, data in raw.items():
            texts[suffix] = data.decode(encoding)
    except UnicodeDecodeError as error:
        return {}, replace(undecodable(bundle.files[suffix].path, error), key=bundle.stem)
    return texts, None


def lacking(bundle: Bundle, missing: Sequence[str]) -> BadRow:
    """Return the fault of a bundle in which files are missing."""
    present = next(iter(bundle.files.values()))
    wanted = " and ".join(f"{bundle.stem}{suffix}" for suffix in missing)
    return BadRow(present.path, f"{wanted} beside it", "no such file", bundle.stem)


def identity(bundle: Bundle, member: Member) -> dict[str, Any]:
    """Return what the place of the file says: the document's id and the name of its folder."""
    folder = member.path.rpartition("/")[0].rpartition("/")[2]
    return {"id": bundle.stem, "folder": folder} if folder else {"id": bundle.stem}


def rows(
    where: str, data: dict[str, Any], faults: Sequence[BadRow], bad_lines: BadLines
) -> Iterator[Row | BadRow]:
    """Yield the document, or what is broken in it.

    With "document" one broken line breaks the document, so that nothing half-read passes for gold; with "line" each
    broken line is a bad row of its own and the document comes without them.
    """
    if faults and bad_lines == "document":
        yield one(faults, data["id"])
        return
    yield from (replace(fault, key=data["id"]) for fault in faults)
    yield Row(where, data["id"], data)
