"""The objects of a JSON list, found by the block without decoding them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from taiyi_corpus.readers.json_marks import SPACE, Bytes, Places, quotes

_OPENS, _CLOSES = (np.isin(np.arange(256), [ord(mark) for mark in some]) for some in ("{[", "}]"))
_COMMA, _LINE, _RETURN = ord(","), ord("\n"), ord("\r")


class Unsure(Exception):
    """What stands in a list are not objects, or it is not as JSON wants it."""


class Elements(NamedTuple):
    """Objects that stand in a block, with nothing but white space between them."""

    text: bytes
    starts: Places
    ends: Places
    taken: int  # bytes of the block, to the end of the last object or of the list
    closed: bool  # whether the list ends here


def elements(block: bytes, *, first: bool) -> Elements | None:
    """Return the objects that are whole in a block which begins in a list, between objects; None if none is.

    Args:
        first: whether no object comes before.

    Raises:
        Unsure: something else stands between or instead of objects.
    """
    raw = np.frombuffer(block, np.uint8)
    if not len(raw) or raw[0] == ord('"'):
        raise Unsure
    marks = quotes(raw)
    places = np.flatnonzero(_OPENS[raw] | _CLOSES[raw])
    places = places[_outside(marks, places)]
    opens = _OPENS[raw[places]]
    depth = np.cumsum(np.where(opens, 1, -1))
    over = np.flatnonzero(depth < 0)
    if closed := bool(len(over)):
        last = int(places[over[0]])
        places, opens, depth = (some[: over[0]] for some in (places, opens, depth))
    starts, ends = places[opens & (depth == 1)], places[~opens & (depth == 0)] + 1
    if not closed:
        if not len(ends):
            return None
        last = int(ends[-1])
        starts = starts[: len(ends)]
    _check(raw, starts, ends, last, first, closed)
    text = raw[:last].copy()
    for end in (_LINE, _RETURN):  # Arrow would look for whole objects between line ends
        found = np.flatnonzero(text == end)
        if not _outside(marks, found).all():
            raise Unsure
        text[found] = ord(" ")
    begins, stops = np.append(0, ends), np.append(starts, last)
    text[_gaps(begins, stops)[1]] = ord(" ")
    return Elements(text.tobytes(), starts, ends, last + closed, closed)


def _outside(marks: Places, places: Places) -> npt.NDArray[np.bool_]:
    """Return which places are in no string."""
    found: npt.NDArray[np.bool_] = np.searchsorted(marks, places) % 2 == 0
    return found


def _check(raw: Bytes, starts: Places, ends: Places, last: int, first: bool, closed: bool) -> None:
    """Make sure that there are objects, with a comma between them."""
    if (
        len(starts) != len(ends)
        or (raw[starts] != ord("{")).any()
        or (raw[ends - 1] != ord("}")).any()
        or (closed and raw[last] != ord("]"))
    ):
        raise Unsure
    # What comes before the first object, between two, and after the last one.
    which, places = _gaps(np.append(0, ends), np.append(starts, last))
    inked = ~SPACE[raw[places]]
    counts = np.bincount(which[inked], minlength=len(ends) + 1)
    wanted = np.ones(len(ends) + 1, np.int64)
    wanted[0] = not first and len(ends) > 0
    wanted[-1] = 0
    if (counts != wanted).any() or (raw[places[inked]] != _COMMA).any():
        raise Unsure


def _gaps(begins: Places, stops: Places) -> tuple[Places, Places]:
    """Return of each byte between some places the number of the gap and where it is."""
    sizes = stops - begins
    which = np.repeat(np.arange(len(sizes)), sizes)
    return which, np.arange(sizes.sum()) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)
