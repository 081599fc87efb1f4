r"""The line grammar of the clinical challenges of i2b2, whose positions are tokens of lines.

    line      = segment ("||" segment)*
    segment   = name '="' text '"' [SP place ((","|SP) place)*]
    place     = line ":" token SP line ":" token

Lines count from 1, tokens (parted by blanks) from 0, and the last token belongs to the place. A text may hold quotes
and pipes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_PLACE = r"\d+:\d+ \d+:\d+"
_SEGMENT = re.compile(rf'([a-z]+)="(.*?)"((?:[ ,]{_PLACE})*) *(?:\|\|\|?|$)')
_NUMBERS = re.compile(r"(\d+):(\d+) (\d+):(\d+)")


class Segment(NamedTuple):
    """One field of a line; no places where the field is not positioned."""

    name: str
    text: str
    places: list[tuple[int, int, int, int]]


def segments(line: str) -> list[Segment] | None:
    """Return the segments of a line; None if it does not keep the grammar."""
    found: list[Segment] = []
    at = 0
    while at < len(line):
        match = _SEGMENT.match(line, at)
        if match is None:
            return None
        places = [(int(a), int(b), int(c), int(d)) for a, b, c, d in _NUMBERS.findall(match[3])]
        found.append(Segment(match[1], match[2], places))
        at = match.end()
    return found


class Tokens:
    """The places of the tokens of a text, by line and number."""

    def __init__(self, text: str) -> None:
        self._lines: list[list[tuple[int, int]]] = []
        start = 0
        for line in text.split("\n"):
            words = re.finditer(r"\S+", line)
            self._lines.append([(start + word.start(), start + word.end()) for word in words])
            start += len(line) + 1

    def spans(self, places: Sequence[tuple[int, int, int, int]]) -> list[list[int]]:
        """Return [[start, end], ...] of places; one that is not in the text is [[-1, -1]]."""
        try:
            return [
                [self._lines[line - 1][token][0], self._lines[last - 1][end][1]]
                for line, token, last, end in places
            ]
        except IndexError:
            return [[-1, -1]]
