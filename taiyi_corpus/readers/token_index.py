"""Tokenised sentences with mentions given by token positions (the layout of GENETAG).

    tokens file       "@@"id (SP token "/TAG")*; the last token may end in "/." instead
    gold file         "@@"id "|" first SP last "|" mention
    alternatives file the same lines: other bounds that count as right

Positions count tokens from 0, the last one inclusive; the id is no token. The text is the tokens joined by one space.
The lines of the gold file stand in any order, and a sentence without one has no mention. The three files lie in one
folder. A mention's text is as its line says, also where it differs from the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.faults import check_encoding, shown, undecodable
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.standoff_files import BadLines, rows
from taiyi_corpus.sources.member import Member

_ID = re.compile(r"@@(\w+)\|")
_MENTION = re.compile(r"@@(\w+)\|([0-9]+) ([0-9]+)\|(.+)")
_MENTION_FORM = "@@id|first last|mention, one on a line"
_TAG, _STOP = "/TAG", "/."


@dataclass(slots=True)
class _Lines:
    """What the gold and the alternatives file say of one sentence."""

    mentions: dict[str, list[tuple[str, int, int, str]]] = field(default_factory=dict)  # by part
    faults: list[BadRow] = field(default_factory=list)


def read(
    members: Sequence[Member],
    *,
    tokens: str = "TOKENIZED_CORPUS",
    gold: str = "Gold.format",
    alternatives: str = "Correct.Data",
    type: str = "NEWGENE",
    encoding: str = "utf-8",
    bad_lines: BadLines = "document",
) -> Iterator[Row | BadRow]:
    """Read one row a sentence, in the order of the tokens file; its key is the sentence's id without "@@".

    Options:
        tokens, gold, alternatives: the names of the three files in a folder. Without a gold file entities are
            absent, without an alternatives file alternatives are.
        type: the entity type, which the files do not name.
        encoding: of all three files.
        bad_lines: "document" lets a broken gold or alternatives line break its sentence, "line" leaves out that
            line alone.

    Raises:
        SourceError: a folder has no tokens file.
    """
    check_encoding(encoding)
    folders: dict[str, dict[str, Member]] = {}
    for member in sorted(members, key=lambda member: member.path):
        path = PurePosixPath(member.path)
        if path.name in (tokens, gold, alternatives):
            folders.setdefault(str(path.parent), {})[path.name] = member
        else:
            yield BadRow(member.path, f"one of {tokens}, {gold}, {alternatives}", repr(path.name))
    for folder, files in sorted(folders.items()):
        if tokens not in files:
            raise SourceError(Fault(folder, f"a file {tokens}", ", ".join(sorted(files))))
        parts = {"entities": gold, "alternatives": alternatives}
        present = {part: files[name] for part, name in parts.items() if name in files}
        yield from _folder(files[tokens], present, type, encoding, bad_lines)


def _folder(
    corpus: Member, parts: dict[str, Member], kind: str, encoding: str, bad_lines: BadLines
) -> Iterator[Row | BadRow]:
    said: dict[str, _Lines] = {}
    for part, member in parts.items():
        yield from _collect(part, member, encoding, said)
    done: set[str] = set()
    for where, line in _lines(corpus, encoding):
        if isinstance(line, BadRow):
            yield line
            continue
        name, words = _sentence(line)
        if name is None or words is None:
            yield BadRow(where, "@@id token/TAG ... token/TAG", shown(line), name)
        elif name in done:
            yield BadRow(where, "a sentence id that does not repeat", shown(f"@@{name}"), name)
        else:
            lines = said.pop(name, _Lines())
            data: dict[str, Any] = {"id": name, "text": " ".join(words)}
            for part in parts:
                data[part] = _mentions(part, lines, words, kind)
            yield from rows(where, data, lines.faults, bad_lines)
        if name is not None:
            done.add(name)
            said.pop(name, None)
    for lines in said.values():
        mentions = [mention for found in lines.mentions.values() for mention in found]
        yield from lines.faults
        for where, *_, text in mentions:
            yield BadRow(where, "a mention in a sentence of the tokens file", shown(text))


def _lines(member: Member, encoding: str) -> Iterator[tuple[str, str | BadRow]]:
    with member.open() as stream:
        for number, raw in enumerate(stream, 1):
            where = f"{member.path}:{number}"
            try:
                line = raw.decode(encoding).removesuffix("\n").removesuffix("\r")
            except UnicodeDecodeError as error:
                yield where, undecodable(where, error)
                continue
            if line.strip():
                yield where, line


def _collect(part: str, member: Member, encoding: str, said: dict[str, _Lines]) -> Iterator[BadRow]:
    """File the lines of one mention file under their sentences; yield those that name none."""
    for where, line in _lines(member, encoding):
        if isinstance(line, BadRow):
            yield line
            continue
        named = _ID.match(line)
        if named is None:
            yield BadRow(where, _MENTION_FORM, shown(line))
            continue
        lines = said.setdefault(named[1], _Lines())
        match = _MENTION.fullmatch(line)
        # Two lines glued together leave the start of the second in the mention of the first.
        if match is None or _ID.search(match[4]):
            lines.faults.append(BadRow(where, _MENTION_FORM, shown(line)))
        else:
            found = (where, int(match[2]), int(match[3]), match[4])
            lines.mentions.setdefault(part, []).append(found)


def _sentence(line: str) -> tuple[str | None, list[str] | None]:
    """Return id and tokens; None for what cannot be read."""
    head, *words = line.split()
    if not head.startswith("@@") or len(head) == len("@@"):
        return None, None
    tokens = [word.removesuffix(_TAG) for word in words]
    untagged = [at for at, word in enumerate(words) if not word.endswith(_TAG)]
    if untagged == [len(words) - 1] and words[-1].endswith(_STOP):
        tokens[-1] = words[-1].removesuffix(_STOP)
    elif untagged or not words:
        return head[2:], None
    return head[2:], tokens


def _mentions(part: str, lines: _Lines, words: list[str], kind: str) -> list[dict[str, Any]]:
    letter = {"entities": "T", "alternatives": "A"}[part]
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    found: list[dict[str, Any]] = []
    for where, first, last, text in lines.mentions.get(part, []):
        if not first <= last < len(words):
            wanted = f"token positions within 0 to {len(words) - 1}"
            lines.faults.append(BadRow(where, wanted, f"{first} {last}"))
            continue
        span = [starts[first], starts[last] + len(words[last])]
        name = f"{letter}{len(found)}"
        found.append({"id": name, "type": kind, "spans": [span], "text": text})
    return found
