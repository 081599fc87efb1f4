"""Which files of a source can be read apart, so that many small ones are shared out as slices of a large one are.

Groups come in the order in which the reader of the format takes its files. Formats that are not named here join files
in ways that only all of them together show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taiyi_corpus.readers import bionlp
from taiyi_corpus.readers.standoff_files import bundles
from taiyi_corpus.sources.archive import any_in_tar
from taiyi_corpus.sources.member import Member

# Read in the order given; files of one tar in the order of that tar, which only reading it shows.
_AS_GIVEN = frozenset(
    {
        "blocks",
        "conll",
        "csv",
        "json",
        "jsonl",
        "lines",
        "ppi_xml",
        "sections",
        "text",
        "xlsx",
        "xml",
    }
)
_BY_PATH = frozenset({"bioc_xml", "pubtator"})


def apart(
    format: str, members: Sequence[Member], options: Mapping[str, Any]
) -> list[list[Member]] | None:
    """Return the least groups of files that can be read apart, in order; None if all must be read together."""
    if format in _AS_GIVEN:
        return None if any_in_tar(members) else [[member] for member in members]
    if format in _BY_PATH:
        return [[member] for member in sorted(members, key=lambda member: member.path)]
    if format in ("brat", "bionlp"):
        found, strays = bundles(
            members, _suffixes(format, options), options.get("same_folder", True)
        )
        # What a missing file means depends on what the other documents have.
        if strays or len({frozenset(bundle.files) for bundle in found}) > 1:
            return None
        return [list(bundle.files.values()) for bundle in found]
    return None


def of_size(groups: Sequence[list[Member]], least: int) -> Iterator[list[Member]]:
    """Yield neighbouring groups together, each so many bytes at least but for the last one."""
    together: list[Member] = []
    size = 0
    for group in groups:
        together += group
        size += sum(member.size for member in group)
        if size >= least:
            yield together
            together, size = [], 0
    if together:
        yield together


def _suffixes(format: str, options: Mapping[str, Any]) -> Sequence[str]:
    if format == "bionlp":
        return bionlp.TEXT, bionlp.GIVEN, *options.get("answers", (".a2",))
    annotation = options.get("suffix", ".ann")
    return (".txt", annotation) if options.get("text", True) else (annotation,)
