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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.faults import check_encoding, one, shown, undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.standoff_files import BadLines, rows
from taiyi_corpus.sources.member import Member

_TITLE = re.compile(r"([^|\t]+)\|t\|(.*)", re.DOTALL)
_ABSTRACT = re.compile(r"([^|\t]+)\|a\|(.*)", re.DOTALL)
_RELATION_TYPE = re.compile(r"[^\W\d].*")
_MENTION_FORM = "pmid, start, end, mention, type [, ids [, parts]], parted by TAB"
_RELATION_FORM = "pmid, type, id, id [, more], parted by TAB"


@dataclass(slots=True)
class _Block:
    """The lines from one title line to the next."""

    lines: list[tuple[str, str]] = field(default_factory=list)  # (where, line)
    faults: list[BadRow] = field(default_factory=list)


def read(
    members: Sequence[Member],
    *,
    encoding: str = "utf-8-sig",
    joiner: str = " ",
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read one row a document; its key is the PMID.

    Options:
        encoding: any in which a line feed is the byte 10.
        joiner: what stands between title and abstract where offsets are counted.
        bad_lines: "document" lets one broken line break its document, "line" leaves out that line alone.

    Raises:
        SourceError: a file does not start with a title line.
    """
    check_encoding(encoding)
    for member in sorted(members, key=lambda member: member.path):
        for block in _blocks(member, encoding):
            yield from _document(block, joiner, bad_lines)


def _blocks(member: Member, encoding: str) -> Iterator[_Block]:
    block = _Block()
    # A byte order mark can only stand at the start, and looking for one in every line is slow.
    codec = "utf-8" if codecs.lookup(encoding).name == "utf-8-sig" else encoding
    with member.open() as stream:
        for number, raw in enumerate(stream, 1):
            where = f"{member.path}:{number}"
            fault = None
            try:
                line = raw.decode(codec if number > 1 else encoding)
            except UnicodeDecodeError as error:
                # Read on with marks for the broken bytes: the line still says where its document starts or ends.
                line, fault = raw.decode(encoding, "replace"), undecodable(where, error)
            line = line.removesuffix("\n").removesuffix("\r")
            if not block.lines:
                if not line.strip():
                    continue
                if not _TITLE.fullmatch(line):
                    raise SourceError(Fault(where, "a title line pmid|t|text", shown(line)))
            elif "|t|" in line and _TITLE.fullmatch(line):
                yield block
                block = _Block()
            block.lines.append((where, line))
            if fault:
                block.faults.append(fault)
    if block.lines:
        yield block


def _document(block: _Block, joiner: str, bad_lines: BadLines) -> Iterator[Row | BadRow]:
    (where, first), *rest = block.lines
    title = _TITLE.fullmatch(first)
    abstract = _ABSTRACT.fullmatch(rest[0][1]) if rest else None
    if title is None or abstract is None or abstract[1] != title[1]:
        at, line = rest[0] if rest else (where, "the end of the file")
        wanted = "an abstract line pmid|a|text with the PMID of the title"
        yield BadRow(at, wanted, shown(line), title[1] if title else None)
        return
    broken_text = [fault for fault in block.faults if fault.where in (where, rest[0][0])]
    if broken_text:
        yield one(broken_text, title[1])
        return
    broken_lines = {fault.where for fault in block.faults}
    entities: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    faults = list(block.faults)
    closed = False
    for at, line in rest[1:]:
        if not line.strip():
            closed = True
        elif closed:
            faults.append(BadRow(at, "a title line after the blank line", shown(line)))
        elif at not in broken_lines:
            _annotation(at, line, title[1], entities, relations, faults)
    data = {
        "id": title[1],
        **_text(title[2], abstract[2], joiner),
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


def _annotation(
    where: str,
    line: str,
    pmid: str,
    entities: list[dict[str, Any]],
    relations: list[dict[str, Any]],
    faults: list[BadRow],
) -> None:
    columns = line.split("\t")
    if columns[0] != pmid:
        faults.append(BadRow(where, f"PMID {pmid}, that of the title", shown(line)))
    elif len(columns) > 4 and columns[4] and _is_offset(columns[1]) and _is_offset(columns[2]):
        entities.append(_mention(f"T{len(entities)}", columns))
    elif len(columns) > 1 and _RELATION_TYPE.fullmatch(columns[1]):
        if len(columns) < 4 or not all(columns[2:4]):
            faults.append(BadRow(where, _RELATION_FORM, shown(line)))
        else:
            relations.append(_relation(f"R{len(relations)}", columns))
    else:
        faults.append(BadRow(where, _MENTION_FORM, shown(line)))


def _is_offset(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _mention(name: str, columns: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": name,
        "type": columns[4],
        "spans": [[int(columns[1]), int(columns[2])]],
        "text": columns[3],
    }
    if len(columns) == 5:
        return found
    more = columns[5:]
    if more[0]:
        found["ids"] = more[0]
    if len(more) > 1:
        if more[1]:
            found["parts"] = more[1].split("|")
        if any(more[2:]):
            found["cols"] = more[2:]
    return found


def _relation(name: str, columns: list[str]) -> dict[str, Any]:
    _, kind, first, second, *more = columns
    args = [{"role": "Arg1", "concept": first}, {"role": "Arg2", "concept": second}]
    found: dict[str, Any] = {"id": name, "type": kind, "args": args}
    return {**found, "cols": more} if any(more) else found
