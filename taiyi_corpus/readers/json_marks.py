"""The quotes, brackets and keys of JSON text, found all at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

_QUOTE, _ESCAPE, _COLON, _BLANK = ord('"'), ord("\\"), ord(":"), ord(" ")
SPACE = np.isin(np.arange(256), [ord(space) for space in " \t\r\n"])


def quotes(raw: Bytes) -> Places:
    """Return where strings open and close, in turn."""
    found = np.flatnonzero(raw == _QUOTE)
    if not (raw == _ESCAPE).any():
        return found
    doubtful = np.flatnonzero(raw[found - 1] == _ESCAPE)
    # A quote is escaped if an odd number of backslashes comes before it.
    escaped = np.ones(len(doubtful), np.bool_)
    places, left = found[doubtful] - 2, np.arange(len(doubtful))
    while len(left := left[raw[places[left]] == _ESCAPE]):
        escaped[left] ^= True
        places[left] -= 1
    return np.delete(found, doubtful[escaped])


def key_order(raw: Bytes, ends: Places, names: Sequence[str]) -> tuple[Places, Places] | None:
    """Return, in the order of the text, the row of each key that has one of some names, and the number of its name.

    Args:
        raw: JSON objects, known to be well-formed.
        ends: where the rows end.
        names: what to look for, at any depth.

    Returns:
        None where a key is written with escapes: it might be one of them.
    """
    marks = quotes(raw)
    opens, closes = marks[::2] + 1, marks[1::2]
    after = closes + 1
    while (spaced := raw[after] <= _BLANK).any():
        after = after + spaced
    keys = raw[after] == _COLON
    opens, closes = opens[keys], closes[keys]
    escapes = np.flatnonzero(raw == _ESCAPE)
    if len(escapes) and (np.searchsorted(escapes, opens) != np.searchsorted(escapes, closes)).any():
        return None
    number, sizes = np.full(len(opens), -1), closes - opens
    spelt = [np.frombuffer(name.encode(), np.uint8) for name in names]
    of_size = {size: np.flatnonzero(sizes == size) for size in {len(name) for name in spelt}}
    for at, wanted in enumerate(spelt):
        same = of_size[len(wanted)]
        for place, byte in enumerate(wanted):
            same = same[raw[opens[same] + place] == byte]
        number[same] = at
    there = np.flatnonzero(number >= 0)
    counts = np.diff(np.searchsorted(opens[there], ends), prepend=0)
    return np.repeat(np.arange(len(ends)), counts), number[there]
