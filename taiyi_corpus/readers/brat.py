"""brat: a text (x.txt) and its standoff annotation (x.ann), paired by folder and stem.

The lines of an .ann file are those of `standoff_lines`. Offsets count the code points of the text file as it is:
"\\r\\n" is two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taiyi_corpus.readers.faults import check_encoding
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.standoff import parse, split_lines
from taiyi_corpus.readers.standoff_files import (
    BadLines,
    bundles,
    contents,
    decoded,
    identity,
    lacking,
    rows,
)
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member],
    *,
    encoding: str = "utf-8",
    text: bool = True,
    suffix: str = ".ann",
    same_folder: bool = True,
    joined_lines: bool = False,
    keep_triggers: bool = False,
    optional_ann: bool = False,
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read one row a text; its key is the file's stem.

    Options:
        encoding: encoding of the files.
        text: False reads annotations only; a side table brings the texts.
        suffix: how the names of annotation files end (".ann2" for a second annotator).
        same_folder: False pairs by stem alone, where texts and annotations lie in sibling folders.
        joined_lines: a surface may hold line breaks; a line without an id continues it.
        keep_triggers: list event triggers among the entities, too.
        optional_ann: a text without an annotation file is a document without gold (its annotation parts are
            absent); so it is without this option where no text has one.
        bad_lines: "document" lets one broken line break its document, "line" leaves out that line alone.
    """
    check_encoding(encoding)
    wanted = (".txt", suffix) if text else (suffix,)
    found, strays = bundles(members, wanted, same_folder)
    yield from strays
    optional = optional_ann or not any(suffix in bundle.files for bundle in found)
    for bundle, raw in contents(found):
        missing = [end for end in wanted if end not in bundle.files]
        if missing and not (missing == [suffix] and optional):
            yield lacking(bundle, missing)
            continue
        texts, undecodable = decoded(bundle, raw, encoding)
        if undecodable:
            yield undecodable
            continue
        main = bundle.files[wanted[0]]
        data = identity(bundle, main)
        if text:
            data["text"] = texts[".txt"]
        faults: list[BadRow] = []
        if suffix in texts:
            path = bundle.files[suffix].path
            lines = split_lines(texts[suffix], joined_lines)
            said, faults = parse([(path, lines)], keep_triggers)
            data |= said
        yield from rows(main.path, data, faults, bad_lines)
