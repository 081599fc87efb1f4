"""The text of a BioC document, laid out from its passages and sentences."""

from __future__ import annotations

from typing import Any, Literal

from lxml import etree

from taiyi_corpus.readers.faults import shown
from taiyi_corpus.readers.row import BadRow

Layout = Literal["offsets", "joined"]

# Real gaps are a line end or a table left out. A larger one is an offset gone wrong, and would be filled with blanks.
MAX_GAP = 1 << 20


def words(element: etree._Element) -> str:
    """Return all characters inside an element."""
    if len(element):
        return "".join(str(piece) for piece in element.itertext())
    return element.text or ""


class Texts:
    """Collects the pieces of a document's text, each at its offset; `shift` is how far the last passage was moved."""

    def __init__(self, where: str, layout: Layout, joiner: str, faults: list[BadRow]) -> None:
        self.where = where
        self.layout = layout
        self.joiner = joiner
        self.faults = faults
        self.shift = 0
        self._pieces: list[str] = []
        self._placed: list[tuple[int, str]] = []
        self._length = 0

    def place(self, passage: etree._Element) -> tuple[int, int] | None:
        """Add the text of a passage, or of its sentences; return its bounds, or None where it has no text."""
        offset = self._offset(passage)
        if offset is None:
            return None
        self.shift = 0
        if self.layout == "joined":
            start = self._length + (len(self.joiner) if self._length else 0)
            self.shift = start - offset
        whole = passage.find("text")
        parts = [passage] if whole is not None else passage.findall("sentence")
        bounds: list[int] = []
        for part in parts:
            at = self._offset(part)
            element = part.find("text")
            text = "" if element is None else words(element)
            if at is None or not text:
                continue
            between = self.joiner if self.layout == "joined" and self._length and not bounds else ""
            if not self._add(at + self.shift, text, between):
                return None
            bounds += [at + self.shift, at + self.shift + len(text)]
        return (bounds[0], bounds[-1]) if bounds else None

    def joined(self) -> str:
        """Return the whole text."""
        return "".join(self._pieces)

    def check_unit(self, entities: list[dict[str, Any]]) -> None:
        """Report offsets that count bytes: each mention fits the text's bytes, and some do not fit its characters."""
        text = self.joined()
        if self.faults or text.isascii():
            return
        encoded = bytearray()
        for at, piece in self._placed:
            encoded += b" " * (at - len(encoded)) + piece.encode()
        single = [item for item in entities if len(item.get("spans", ())) == 1 and "text" in item]
        in_characters = [text[a:b] == e["text"] for e in single for a, b in e["spans"]]
        in_bytes = [encoded[a:b] == e["text"].encode() for e in single for a, b in e["spans"]]
        if all(in_bytes) and not all(in_characters):
            wanted = "offsets that count characters"
            self.faults.append(BadRow(self.where, wanted, "offsets that count bytes of UTF-8"))

    def _offset(self, element: etree._Element) -> int | None:
        found = element.findtext("offset", "").strip()
        if found.isdecimal():
            return int(found)
        self.faults.append(BadRow(self.where, f"the offset of a {element.tag}", shown(found)))
        return None

    def _add(self, at: int, text: str, between: str) -> bool:
        gap = at - self._length - len(between)
        if not 0 <= gap <= MAX_GAP:
            wanted = f"a passage or sentence at {self._length} or a little after it"
            self.faults.append(BadRow(self.where, wanted, f"offset {at}, for {shown(text)}"))
            return False
        self._pieces += [between + " " * gap, text]
        self._placed.append((at, text))
        self._length = at + len(text)
        return True
