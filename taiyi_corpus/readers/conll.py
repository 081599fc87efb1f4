r"""CoNLL: a token on each line, its tag in a column, a blank line after each sentence.

    file      = (marker | sentence | blank line)*
    sentence  = token-line+ blank line
    token     = cell (separator cell)* line-end
    marker    = a line that matches `document`; its first group, if it has one, is the document's id

With the default options

    Loss            O
    of              O
    BRCA1           B-Gene
    function        O

(parted by TAB) is the sentence "Loss of BRCA1 function" with a Gene at 8 to 13. A tag is "O" or "<letter>-<type>":

    bio     B opens a mention, I goes on with one of its type; an I that goes on with nothing is a fault
    iob1    B opens a mention, I goes on with one of its type or opens one
    iobes   B opens, I goes on, E ends, S is a mention of one token

The text is the tokens joined by one space. Where columns give `start` and `end` it is laid out by these offsets, and
what lies between two tokens is blanks. Lines end at "\n" or "\r\n".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.readers.conll_tags import Scheme, runs
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.faults import one, shown
from taiyi_corpus.readers.lines import without_end
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

# Real gaps between two tokens are a few characters. A larger one is an offset gone wrong.
MAX_GAP = 1 << 12


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds what, from 0; negative counts from the last one."""

    token: int
    tag: int
    start: int | None
    end: int | None
    surface: int | None


class _Word(NamedTuple):
    """A token with its tag and place; `surface` is the mention that starts here, where a column says it."""

    text: str
    tag: str
    start: int
    end: int
    surface: str | None


@dataclass(slots=True)
class _Unit:
    """The lines of one row: (line number, cells) by sentence."""

    where: str
    document: str | None
    sentences: list[list[tuple[int, list[str]]]] = field(default_factory=list)
    closed: bool = True  # whether the next token opens a sentence

    def add(self, number: int, cells: list[str]) -> None:
        if self.closed:
            self.sentences.append([])
            self.closed = False
        self.sentences[-1].append((number, cells))


def read(
    members: Sequence[Member],
    *,
    token: int = 0,
    tag: int = -1,
    start: int | None = None,
    end: int | None = None,
    surface: int | None = None,
    separator: str | None = "\t",
    scheme: Scheme = "bio",
    tag_prefix: str = "",
    document: str | None = None,
    unit: Literal["sentence", "document"] = "sentence",
    encoding: str = "utf-8",
) -> Iterator[Row | BadRow]:
    r"""Read one row a sentence, or one a document; a document's key is its id.

    Options:
        token, tag: columns of the token and its tag, from 0; -1 is the last one.
        start, end: columns of a token's offsets in the document, end exclusive; both or none.
        surface: column that holds a mention's text on its first token; it becomes the mention's text.
        separator: what parts two columns; null is any run of blanks.
        scheme: bio, iob1 or iobes.
        tag_prefix: what stands before every tag ("|").
        document: regular expression of the line that opens a document ("### (\S+)"). Sentences carry its first group
            as `document`.
        unit: what a row is.
        encoding: encoding of the files.
    """
    columns = _Columns(token, tag, start, end, surface)
    if (start is None) is not (end is None):
        raise InputError(Fault("reader options", "`start` and `end`, or neither", "one of them"))
    if unit == "document" and document is None:
        wanted = "`document`, how the line that opens a document looks"
        raise InputError(Fault("reader option unit", wanted, "none"))
    try:
        marker = re.compile(document) if document is not None else None
    except re.error as error:
        found = f"{document!r}: {error}"
        raise InputError(Fault("reader option document", "a regular expression", found)) from error
    for member in members:
        sentences_of: dict[str | None, int] = {}
        for item in _units(member, marker, unit, separator, encoding):
            if not item.sentences:
                continue
            place = sentences_of.get(item.document, 0)
            sentences_of[item.document] = place + 1
            yield _row(item, columns, scheme, tag_prefix, unit, place)


def _units(
    member: Member,
    marker: re.Pattern[str] | None,
    unit: str,
    separator: str | None,
    encoding: str,
) -> Iterator[_Unit]:
    name: str | None = None
    current = _Unit(member.path, None)
    with open_text(member, encoding) as file:
        for number, line in enumerate(file, 1):
            text = without_end(line)
            where = f"{member.path}:{number}"
            if marker is not None and (match := marker.match(text)):
                yield current
                name = match[1].strip() if marker.groups else None
                current = _Unit(where, name)
            elif not text.strip():
                current.closed = True
                if unit == "sentence":
                    yield current
                    current = _Unit(where, name)
            else:
                if not current.sentences:
                    current.where = where
                current.add(number, text.split(separator))
    yield current


def _row(
    item: _Unit, columns: _Columns, scheme: Scheme, tag_prefix: str, unit: str, place: int
) -> Row | BadRow:
    path = item.where.rpartition(":")[0]
    faults: list[BadRow] = []
    words: list[_Word] = []
    firsts: list[int] = []  # of each sentence, its first token
    for sentence in item.sentences:
        firsts.append(len(words))
        for number, cells in sentence:
            word = _word(cells, columns, tag_prefix, words[-1].end if words else None)
            if isinstance(word, str):
                faults.append(BadRow(f"{path}:{number}", word, shown("\t".join(cells))))
                continue
            words.append(word)
    if faults:
        return one(faults)
    opening = set(firsts)
    found, wrong = runs([(word.tag, at in opening) for at, word in enumerate(words)], scheme)
    if wrong is not None:
        return BadRow(item.where, f"tags of the scheme {scheme}", f"{wrong!r} out of place")
    whole = _text(words)
    entities: list[dict[str, Any]] = []
    for first, last, type_ in found:
        begin, finish = words[first].start, words[last].end
        said = words[first].surface or whole[begin:finish]
        entity = {"id": f"T{len(entities) + 1}", "type": type_, "spans": [[begin, finish]]}
        entities.append({**entity, "text": said})
    data: dict[str, Any] = {"text": whole, "entities": entities}
    if unit == "document":
        data = {"id": item.document, **data, "passages": _passages(firsts, words)}
        return Row(item.where, item.document, data)
    if item.document is not None:
        data = {"id": f"{item.document}_{place}", "document": item.document, **data}
        return Row(item.where, data["id"], data)
    return Row(item.where, None, data)


def _word(cells: list[str], columns: _Columns, tag_prefix: str, end: int | None) -> _Word | str:
    """Return the token of a line, the last one having ended at `end`; or what was wanted instead."""
    named = (columns.token, columns.tag, columns.start, columns.end, columns.surface)
    needed = max(c + 1 if c >= 0 else -c for c in named if c is not None)
    if len(cells) < needed:
        return f"at least {needed} columns"
    text, tag = cells[columns.token], cells[columns.tag].strip()
    if not text.strip() or not tag.startswith(tag_prefix):
        return f"a token and a tag that starts with {tag_prefix!r}" if tag_prefix else "a token"
    tag = tag.removeprefix(tag_prefix)
    surface = cells[columns.surface] or None if columns.surface is not None else None
    if columns.start is None or columns.end is None:
        start = 0 if end is None else end + 1
        return _Word(text, tag, start, start + len(text), surface)
    numbers = cells[columns.start].strip(), cells[columns.end].strip()
    if not all(number.isdecimal() for number in numbers):
        return "offsets of the token"
    start, finish = int(numbers[0]), int(numbers[1])
    if finish - start != len(text):
        return f"offsets {len(text)} characters apart"
    if not 0 <= start - (end or 0) <= MAX_GAP:
        return f"an offset of {end or 0} or a little more"
    return _Word(text, tag, start, finish, surface)


def _text(words: Sequence[_Word]) -> str:
    pieces, at = [], 0
    for word in words:
        pieces += [" " * (word.start - at), word.text]
        at = word.end
    return "".join(pieces)


def _passages(firsts: Sequence[int], words: Sequence[_Word]) -> list[dict[str, Any]]:
    lasts = [*(first - 1 for first in firsts[1:]), len(words) - 1]
    return [
        {"type": "sentence", "start": words[first].start, "end": words[last].end}
        for first, last in zip(firsts, lasts, strict=True)
    ]
