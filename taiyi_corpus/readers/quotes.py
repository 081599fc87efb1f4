"""The quotes of a piece of a table, looked at all at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Encodings in which the bytes of ASCII are nothing else.
ASCII_BYTES = frozenset({"utf-8", "utf-8-sig", "ascii", "latin-1", "cp1252"})

Places = npt.NDArray[np.int64]


def lone_return(chunk: bytes) -> bool:
    r"""Return whether a "\r" is not part of a line end."""
    return b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n")


def outside(raw: npt.NDArray[np.uint8], ends: Places) -> npt.NDArray[np.bool_]:
    """Return which of some places have as many quotes that open before them as quotes that close."""
    quotes = np.flatnonzero(raw == ord('"'))
    found: npt.NDArray[np.bool_] = np.searchsorted(quotes, ends) % 2 == 0
    return found


def well_quoted(chunk: bytes, delimiter: int) -> bool:
    """Return whether quotes come in pairs: one that opens a cell, one that closes it; in a cell they are doubled."""
    raw = np.frombuffer(chunk, np.uint8)
    at = np.flatnonzero(raw == ord('"'))
    if not len(at):
        return True
    if len(at) % 2:
        return False
    first, second = at[::2], at[1::2]
    doubled = second[:-1] + 1 == first[1:]
    before = raw[first - 1]
    opens = _bounds(before, delimiter)
    opens[0] |= first[0] == 0
    opens[1:] |= doubled
    after = raw[np.minimum(second + 1, len(raw) - 1)]
    closes = _bounds(after, delimiter) | (after == ord("\r"))
    closes[-1] |= second[-1] + 1 == len(raw)
    closes[:-1] |= doubled
    return bool(opens.all() and closes.all())


def _bounds(raw: npt.NDArray[np.uint8], delimiter: int) -> npt.NDArray[np.bool_]:
    return np.isin(raw, (delimiter, ord("\n")))
