"""Bytes to text, strictly: a byte that does not decode is an error with its place, never a "?"."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from taiyi_corpus.errors import Fault, InputError, SourceError
from taiyi_corpus.sources.member import Member

LIKELY = ("utf-8", "gb18030", "cp1252")  # tried in this order to say what a file may be
COMMON = f"Common: {', '.join(LIKELY)}, utf-16."
PIECE = 1 << 20


@contextmanager
def open_text(
    member: Member,
    encoding: str,
    *,
    binary: BinaryIO | None = None,
    errors: str = "strict",
    newline: str = "\n",
) -> Iterator[TextIO]:
    r"""Open a member as text; a leading byte order mark is left out.

    Lines end at "\n" only unless `newline` says otherwise, and nothing is translated: a stray "\r" inside a line
    stays where it is and no offset moves. `binary` is the member's stream where it is open already.

    Raises:
        SourceError: bytes do not decode; the error names line and byte.
        InputError: there is no such encoding.
    """
    with binary or member.open() as stream:
        try:
            file = io.TextIOWrapper(stream, _marked(encoding), errors, newline)
        except LookupError:
            raise InputError(
                Fault(member.path, "the name of a text encoding", repr(encoding), COMMON)
            ) from None
        try:
            yield file
        except UnicodeDecodeError as error:
            raise undecodable(member, encoding) from error


def undecodable(member: Member, encoding: str) -> SourceError:
    """Return the error that names the first byte of a member which is not `encoding`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    others = {
        name: codecs.getincrementaldecoder(name)()
        for name in LIKELY
        if codecs.lookup(name) != codecs.lookup(encoding)
    }
    line, offset, found = 1, 0, ""
    with member.open() as binary:
        while True:
            piece = binary.read(PIECE)
            if not found:
                pending = len(decoder.getstate()[0])
                try:
                    line += decoder.decode(piece, final=not piece).count("\n")
                except UnicodeDecodeError as error:
                    good = error.object[: error.start]
                    line += good.decode(encoding).count("\n")
                    wrong = error.object[error.start : error.end]
                    found = f"{wrong.hex(' ')} at byte {offset - pending + error.start}"
            others = {name: other for name, other in others.items() if _fits(other, piece)}
            if not piece:
                break
            offset += len(piece)
    if others:
        hint = f"The whole file decodes as {' or '.join(others)}: set `encoding`."
    else:
        hint = "No likely encoding fits the whole file: it may be damaged."
    return SourceError(Fault(f"{member.path}:{line}", f"{encoding} text", f"bytes {found}", hint))


def _marked(encoding: str) -> str:
    """Return the codec that swallows a byte order mark, where there is one."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def _fits(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    """Tell whether the next piece of a file decodes; the empty piece is its end."""
    try:
        decoder.decode(piece, final=not piece)
    except UnicodeDecodeError:
        return False
    return True
