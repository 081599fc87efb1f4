"""Where one large file of annotated documents may be cut: PubTator before title lines, BioC XML between documents.

A scan looks at bytes, not at annotations. What it cannot be sure of is not cut: comments, sections of raw characters
and declarations may hold what looks like an end of a document.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from taiyi_corpus.readers import bioc_xml
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.span import Chain, Cut
from taiyi_corpus.sources.member import Member

_HEAD = 1 << 16  # bytes in which a collection must have its first document
_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding=["']([^"']*)""")
_END = b"</document>"
_CLOSED = b"</collection>"


def pubtator_cuts(stream: BinaryIO, size: int) -> list[Cut]:
    """Return the slices of a PubTator file, each of `size` bytes at least but for the last."""
    cuts: list[Cut] = []
    start = line = 0
    title = b""  # the first line of the next slice
    while block := title + stream.read(max(size - len(title), 0)):
        pieces = [block, stream.readline()]
        title = b""
        for raw in stream:
            if _starts_document(raw):
                title = raw
                break
            pieces.append(raw)
        end = start + sum(map(len, pieces))
        cuts.append(Cut(start, end, line, 0))
        start, line = end, line + sum(piece.count(b"\n") for piece in pieces)
    return cuts


def _starts_document(line: bytes) -> bool:
    pmid, bars, _ = line.partition(b"|t|")
    return bool(pmid and bars) and b"|" not in pmid and b"\t" not in pmid


def bioc_cuts(stream: BinaryIO, size: int) -> list[Cut] | None:
    """Return the slices of a BioC file; None if it cannot be cut."""
    data = _opening(stream, size)
    start = len(_head(data))
    if not start:
        return None
    cuts: list[Cut] = []
    data, rows = data[start:], 0
    while more := stream.read(size):
        at = data.rfind(_END) + len(_END)
        if at >= len(_END) and len(data) >= size:
            if (count := _documents(data[:at])) is None:
                return None
            cuts.append(Cut(start, start + at, 0, rows))
            start, data, rows = start + at, data[at:], rows + count
        data += more
    at = data.rfind(_END) + len(_END)
    if (count := _documents(data[:at])) is None or b"".join(data[at:].split()) != _CLOSED:
        return None
    return [*cuts, Cut(start, start + at, 0, rows)]


def _opening(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while b"<document>" not in data and len(data) < _HEAD and (more := stream.read(size)):
        data += more
    return data


def _head(data: bytes) -> bytes:
    """Return what stands before the first document, if it is no more than a plain opening of a collection."""
    head, found, _ = data.partition(b"<document>")
    encoding = _ENCODING.search(head)
    plain = encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii", b"ascii")
    if not found or not plain or b"<collection>" not in head or b"[" in head or b"<!--" in head:
        return b""
    return head


def _documents(data: bytes) -> int | None:
    """Return how many documents stand in some bytes; None if that is not sure."""
    count = data.count(_END)
    starts = data.count(b"<document>") + data.count(b"<document ")
    return count if count == starts and b"<!" not in data and b"<?" not in data else None


def bioc_rows(
    member: Member, cut: Cut, stream: BinaryIO, options: Mapping[str, Any]
) -> Iterator[Row | BadRow]:
    """Yield the rows of a slice of a BioC file: read as a collection that has these documents only."""
    with member.open() as file:
        head = _head(_opening(file, _HEAD))
    bioc_xml.check_start(io.BytesIO(head), member.path)
    pieces = [
        (io.BytesIO(head), len(head)),
        (stream, cut.end - cut.start),
        (io.BytesIO(_CLOSED), len(_CLOSED)),
    ]
    whole = io.BufferedReader(Chain(pieces))
    return bioc_xml.documents(whole, member.path, cut.row, **options)
