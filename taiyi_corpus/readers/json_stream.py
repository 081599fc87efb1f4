"""A JSON document read piece by piece: lists and objects are walked, their elements decoded one at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, TextIO

from taiyi_corpus.errors import Fault, SourceError
from taiyi_corpus.readers.json_text import DECODER

PIECE = 1 << 20
VALUE_LIMIT = 1 << 28  # characters; a string that is never closed must not fill the memory
_SPACE = re.compile(r"[ \t\r\n]*")
# An error this near to the end of what has been read may be due to what has not: `-Infinity`, "\ud83d\ude00".
_NEAR = 16


class JsonStream:
    """A place in a JSON document, and the steps from there.

    `elements` and `fields` enter a list or an object; the caller takes the `value` of each before it asks for the next.
    """

    def __init__(self, file: TextIO, path: str, piece: int = PIECE) -> None:
        self._file = file
        self._path = path
        self._piece = piece
        self._text = ""  # read and not yet dropped
        self._at = 0  # where we stand in it
        self._line = 1  # where it begins in the file
        self._column = 1
        self._whole = False  # all of the file is read
        self.raw = ""  # text of the latest value

    def peek(self) -> str:
        """Return the next character that is no white space, "" at the end of the file."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if self._whole:
                return ""
            self._more()

    def take(self, mark: str) -> None:
        """Step over `mark`, which must come next."""
        if (found := self.peek()) != mark:
            raise self.fault(f"{mark!r}", repr(found) if found else "the end of the file")
        self._at += 1

    def value(self) -> Any:
        """Decode the value that comes next, whole."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                late = error.pos > len(self._text) - _NEAR or error.msg.startswith("Unterminated")
                if self._whole or not late:
                    raise self.fault("JSON", error.msg, error.pos) from None
            except RecursionError:
                raise self.fault("JSON", "lists and objects nested too deep") from None
            else:
                # A number near the end may go on in the next piece: of `1.5e-3` all of `1.5e-` reads as 1.5.
                if self._whole or end < len(self._text) - _NEAR or self._text[end - 1] in '"]}':
                    self.raw = self._text[self._at : end]
                    self._at = end
                    return value
            if len(self._text) - self._at > VALUE_LIMIT:
                raise self.fault("JSON", f"a value of more than {VALUE_LIMIT} characters")
            self._more()

    def elements(self) -> Iterator[int]:
        """Enter a list: give the position of each element."""
        self.take("[")
        if self.peek() == "]":
            self._at += 1
            return
        for position in count():
            yield position
            if self.peek() == "]":
                self._at += 1
                return
            self.take(",")

    def fields(self) -> Iterator[str]:
        """Enter an object: give the key of each field."""
        self.take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if (found := self.peek()) != '"':
                raise self.fault("a key in double quotes", repr(found))
            key: str = self.value()
            self.take(":")
            yield key
            if self.peek() == "}":
                self._at += 1
                return
            self.take(",")

    def fault(self, wanted: str, found: str, at: int | None = None, hint: str = "") -> SourceError:
        """Return the error that names line and column, here or at position `at` of the text."""
        at = self._at if at is None else at
        line, column = self._place(at)
        return SourceError(Fault(f"{self._path}:{line}:{column}", wanted, found, hint))

    def _place(self, at: int) -> tuple[int, int]:
        newlines = self._text.count("\n", 0, at)
        if newlines:
            return self._line + newlines, at - self._text.rfind("\n", 0, at)
        return self._line, self._column + at

    def _more(self) -> None:
        """Drop what is behind us and read on; as much again as is pending, so that a long value costs linear time."""
        self._line, self._column = self._place(self._at)
        pending = self._text[self._at :]
        piece = self._file.read(max(self._piece, len(pending)))
        self._text, self._at, self._whole = pending + piece, 0, not piece
