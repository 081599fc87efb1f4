"""Lines: every line of a text file is a row `{"line": n, "text": "..."}`, counted from 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from taiyi_corpus.readers.decode import open_text
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member


def read(
    members: Sequence[Member],
    *,
    encoding: str = "utf-8",
    strip_newline: bool = True,
    skip_blank: bool = False,
    stem: str | None = None,
) -> Iterator[Row | BadRow]:
    r"""Read a row from each line.

    Lines end at "\n" or "\r\n"; a lone "\r" is text.

    Args:
        members: the files, in order.
        encoding: encoding of the files.
        strip_newline: leave the line end out of `text`.
        skip_blank: give no row for a line of white space; the line numbers of the others stay.
        stem: put the stem of the file's name under this name.
    """
    for member in members:
        named = {} if stem is None else {stem: PurePosixPath(member.path).stem}
        with open_text(member, encoding) as file:
            for number, line in enumerate(file, 1):
                if skip_blank and line.isspace():
                    continue
                text = without_end(line) if strip_newline else line
                yield Row(f"{member.path}:{number}", None, {**named, "line": number, "text": text})


def without_end(line: str) -> str:
    r"""Return a line without the "\n" or "\r\n" that ends it."""
    return line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line
