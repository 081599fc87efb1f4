r"""Blocks of lines: a text file in which a line of a known form opens each row.

With `start: "id=(\d+)"` the file

    id=1
    Patient:
    My knee hurts.

    id=2
    ...

gives the row `{"lines": ["id=1", "Patient:", "My knee hurts."]}` with the key "1", and so on. A block ends where the
next one starts, so a blank line inside it does no harm; blank lines at its end are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.lines import without_end
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member], *, start: str, encoding: str = "utf-8", stem: str | None = None
) -> Iterator[Row | BadRow]:
    r"""Read a row from each block of lines.

    Lines end at "\n" or "\r\n"; a lone "\r" is text. Blank lines before the first block are passed over; if there is
    anything else, all that stands there is one broken row.

    Args:
        members: the files, in order.
        start: regular expression that matches at the beginning of the first line of each block. Its first group, if
            it has one, is the row's key.
        encoding: encoding of the files.
        stem: put the stem of the file's name under this name.
    """
    try:
        opens = re.compile(start)
    except re.error as error:
        raise InputError(Fault("start", "a regular expression", f"{start!r}: {error}")) from error
    for member in members:
        named = {} if stem is None else {stem: PurePosixPath(member.path).stem}
        yield from _blocks(member, opens, encoding, named)


def _blocks(
    member: Member, opens: re.Pattern[str], encoding: str, named: dict[str, str]
) -> Iterator[Row | BadRow]:
    lines: list[str] = []
    first, key, opened = 1, None, False

    def block() -> Iterator[Row | BadRow]:
        while lines and not lines[-1].strip():
            lines.pop()
        if opened:
            yield Row(f"{member.path}:{first}", key, {**named, "lines": lines})
        elif lines:
            wanted = f"a first line that matches {opens.pattern!r}"
            found = f"{len(lines)} lines before it, from {lines[0][:60]!r}"
            yield BadRow(f"{member.path}:{first}", wanted, found)

    with open_text(member, encoding) as file:
        for number, line in enumerate(file, 1):
            text = without_end(line)
            if match := opens.match(text):
                yield from block()
                lines, first, opened = [text], number, True
                key = match[1] if opens.groups else None
            elif lines or text.strip():
                if not lines:
                    first = number
                lines.append(text)
        yield from block()
