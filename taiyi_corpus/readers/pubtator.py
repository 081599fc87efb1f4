"""PubTator: titles and abstracts with their mentions and relations, document after document.

    document  = title abstract (mention | relation)* blank line
    title     = pmid "|t|" text
    abstract  = pmid "|a|" text
    mention   = pmid TAB start TAB end TAB surface TAB type [TAB ids [TAB parts [TAB more]*]]
    relation  = pmid TAB type TAB id TAB id [TAB more]*

Offsets count code points of title + joiner + abstract, from 0, end exclusive. `ids` is one string: what parts it is
the corpus' own affair. `parts` are the individual mentions of a composite one, parted by "|". A relation is between
concepts. A document also ends where the next title stands; lines may end in "\\r\\n"; blank lines may come first.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.faults import check_encoding, one, shown, undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.standoff_files import BadLines, rows
from taiyi_corpus.sources.member import Member

_RELATION_TYPE = re.compile(r"[^\W\d].*")
_MENTION_FORM = "pmid, start, end, mention, type [, ids [, parts]], parted by TAB"
_RELATION_FORM = "pmid, type, id, id [, more], parted by TAB"
_PIECE = 1 << 20  # bytes decoded at a time


class _Block(NamedTuple):
    """The lines from one title line to the next."""

    number: int  # of the title line in its file
    lines: list[str]
    faults: dict[int, BadRow]  # lines that do not decode, by number


def read(
    members: Sequence[Member],
    wanted: Callable[[str], bool] | None = None,
    *,
    encoding: str = "utf-8-sig",
    joiner: str = " ",
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read one row a document; its key is the PMID. Of documents whose PMID is not `wanted` nothing else is read.

    Options:
        encoding: any in which a line feed is the byte 10.
        joiner: what stands between title and abstract where offsets are counted.
        bad_lines: "document" lets one broken line break its document, "line" leaves out that line alone.

    Raises:
        SourceError: a file does not start with a title line.
    """
    check_encoding(encoding)
    for member in sorted(members, key=lambda member: member.path):
        with member.open() as stream:
            yield from documents(
                stream,
                member.path,
                0,
                wanted,
                encoding=encoding,
                joiner=joiner,
                bad_lines=bad_lines,
            )


def documents(
    stream: BinaryIO,
    path: str,
    before: int,
    wanted: Callable[[str], bool] | None = None,
    *,
    encoding: str = "utf-8-sig",
    joiner: str = " ",
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read the documents of a stream that starts at a title line, `before` lines of its file passed over."""
    for block in _blocks(stream, path, before, encoding):
        if wanted is None or wanted(block.lines[0].partition("|t|")[0]):
            yield from _document(path, block, joiner, bad_lines)


def _blocks(stream: BinaryIO, path: str, before: int, encoding: str) -> Iterator[_Block]:
    faults: dict[int, BadRow] = {}
    lines: list[str] = []
    number = before + 1  # of the first of `lines`
    while raw := stream.readlines(_PIECE):
        lines += _decoded(raw, path, number + len(lines), encoding, faults)
        titles = [at for at, line in enumerate(lines) if "|t|" in line and _is_title(line)]
        first = titles[0] if titles else len(lines)
        for at, line in enumerate(lines[:first], number):
            if line.strip():
                raise SourceError(Fault(f"{path}:{at}", "a title line pmid|t|text", shown(line)))
        for start, end in pairwise(titles):
            yield _Block(number + start, lines[start:end], faults)
        last = titles[-1] if titles else len(lines)
        number, lines = number + last, lines[last:]
    if lines:
        yield _Block(number, lines, faults)


def _is_title(line: str) -> bool:
    pmid, _, _ = line.partition("|t|")
    return pmid != "" and "|" not in pmid and "\t" not in pmid


def _decoded(
    raw: list[bytes], path: str, number: int, encoding: str, faults: dict[int, BadRow]
) -> list[str]:
    """Return lines without their ends, the first of them line `number`; note those that do not decode."""
    # A byte order mark can only stand at the start of a file.
    plain = "utf-8" if codecs.lookup(encoding).name == "utf-8-sig" else encoding
    first = encoding if number == 1 else plain
    try:
        text = b"".join(raw).decode(first)
        lines = text.removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        lines = []
        for at, line in enumerate(raw, number):
            try:
                lines.append(line.decode(first if at == number else plain).removesuffix("\n"))
            except UnicodeDecodeError as error:
                # Read on with marks for the broken bytes: the line still says where its document starts or ends.
                lines.append(line.decode(encoding, "replace").removesuffix("\n"))
                faults[at] = undecodable(f"{path}:{at}", error)
    return [line.removesuffix("\r") for line in lines]


def _document(path: str, block: _Block, joiner: str, bad_lines: BadLines) -> Iterator[Row | BadRow]:
    number, lines, broken = block
    where = f"{path}:{number}"
    pmid, _, title = lines[0].partition("|t|")
    opening = f"{pmid}|a|"
    if len(lines) < 2 or not lines[1].startswith(opening):
        wanted = "an abstract line pmid|a|text with the PMID of the title"
        place, seen = (
            (f"{path}:{number + 1}", lines[1]) if lines[1:] else (where, "the end of the file")
        )
        yield BadRow(place, wanted, shown(seen), pmid)
        return
    if broken and (texts := [broken[at] for at in (number, number + 1) if at in broken]):
        yield one(texts, pmid)
        return
    entities: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    faults = (
        [broken[at] for at in range(number, number + len(lines)) if at in broken] if broken else []
    )
    closed = False
    for at, line in enumerate(lines[2:], number + 2):
        if not line or line.isspace():
            closed = True
        elif closed:
            wanted = "a title line after the blank line"
            faults.append(BadRow(f"{path}:{at}", wanted, shown(line)))
        elif at not in broken and (wanted := _add(line, pmid, entities, relations)):
            faults.append(BadRow(f"{path}:{at}", wanted, shown(line)))
    data = {
        "id": pmid,
        **_text(title, lines[1].removeprefix(opening), joiner),
        "entities": entities,
        "relations": relations,
    }
    yield from rows(where, data, faults, bad_lines)


def _text(title: str, abstract: str, joiner: str) -> dict[str, Any]:
    # A title alone is no title with an empty abstract after it; no offset depends on the joiner then.
    start = len(title) + len(joiner)
    text = f"{title}{joiner}{abstract}" if abstract else title
    passages = [("title", 0, len(title)), ("abstract", start, start + len(abstract))]
    return {
        "text": text,
        "passages": [{"type": t, "start": a, "end": b} for t, a, b in passages if a < b],
    }


def _add(
    line: str, pmid: str, entities: list[dict[str, Any]], relations: list[dict[str, Any]]
) -> str:
    """Add what a line says to mentions or relations; return the form it should have if it has none."""
    columns = line.split("\t")
    count = len(columns)
    if columns[0] != pmid:
        return f"PMID {pmid}, that of the title"
    if count > 4 and columns[4]:
        _, start, end, text, type_, *more = columns
        if start.isdigit() and end.isdigit() and start.isascii() and end.isascii():
            found = {
                "id": f"T{len(entities)}",
                "type": type_,
                "spans": [[int(start), int(end)]],
                "text": text,
            }
            entities.append(found)
            if more:
                _add_more(found, more)
            return ""
    if count < 2 or not _RELATION_TYPE.fullmatch(columns[1]):
        return _MENTION_FORM
    if count < 4 or not all(columns[2:4]):
        return _RELATION_FORM
    relations.append(_relation(f"R{len(relations)}", columns))
    return ""


def _add_more(mention: dict[str, Any], more: list[str]) -> None:
    """Add the columns after the type to a mention."""
    if more[0]:
        mention["ids"] = more[0]
    if len(more) > 1:
        if more[1]:
            mention["parts"] = more[1].split("|")
        if any(more[2:]):
            mention["cols"] = more[2:]


def _relation(name: str, columns: list[str]) -> dict[str, Any]:
    _, kind, first, second, *more = columns
    args = [{"role": "Arg1", "concept": first}, {"role": "Arg2", "concept": second}]
    found: dict[str, Any] = {"id": name, "type": kind, "args": args}
    return {**found, "cols": more} if any(more) else found
