"""BioNLP shared tasks: a text (x.txt), the given entities (x.a1) and the answers (x.a2, x.rel).

They are paired by folder and stem. The lines are those of `standoff_lines`; ids run through all files of a document, so
that an answer may name a given entity, and an event a later event. Roles keep the digits they have (Theme2).
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

TEXT, GIVEN = ".txt", ".a1"


def read(
    members: Sequence[Member],
    *,
    encoding: str = "utf-8",
    answers: Sequence[str] = (".a2",),
    keep_triggers: bool = False,
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read one row a text; its key is the file's stem.

    Where no text has an answer file (a test split), what only answers can say is absent; where some have one, a
    text without it is broken.

    Options:
        encoding: encoding of the files.
        answers: how the names of answer files end.
        keep_triggers: list event triggers among the entities, too.
        bad_lines: "document" lets one broken line break its document, "line" leaves out that line alone.
    """
    check_encoding(encoding)
    found, strays = bundles(members, (TEXT, GIVEN, *answers))
    yield from strays
    released = [suffix for suffix in answers if any(suffix in item.files for item in found)]
    for bundle, raw in contents(found):
        if missing := [end for end in (TEXT, GIVEN, *released) if end not in bundle.files]:
            yield lacking(bundle, missing)
            continue
        texts, undecodable = decoded(bundle, raw, encoding)
        if undecodable:
            yield undecodable
            continue
        files = [
            (bundle.files[suffix].path, split_lines(texts[suffix])) for suffix in (GIVEN, *released)
        ]
        said, faults = parse(files, keep_triggers)
        if not released:
            # An empty list would say that there are no events; but the file with the events was not released.
            said = {key: items for key, items in said.items() if key == "entities" or items}
        main = bundle.files[TEXT]
        data = identity(bundle, main) | {"text": texts[TEXT]} | said
        yield from rows(main.path, data, faults, bad_lines)
