"""Columns of texts: what of them is white space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bools = npt.NDArray[np.bool_]

_SPACE = [chr(code) for code in range(0x3001) if chr(code).isspace()]  # there is none beyond
# Its last three bytes, or as many as it has, as a number; what it ends with.
_SPACE_ENDS = np.array([int.from_bytes(space.encode(), "big") for space in _SPACE])
_MAY_END_SPACE = np.isin(np.arange(256), _SPACE_ENDS & 0xFF)
_MAY_BE_SPACE = np.zeros(256, np.bool_)  # bytes that white space begins with, in UTF-8
_MAY_BE_SPACE[[*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3]] = True


def _offsets(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]


def stripped(texts: pa.StringArray) -> pa.StringArray:
    """Return texts as `str.strip` leaves them."""
    if not len(texts) or (offsets := _offsets(texts))[-1] == offsets[0]:
        return texts
    data = np.frombuffer(texts.buffers()[2], np.uint8)
    spaced = _MAY_BE_SPACE[data[np.minimum(offsets[:-1], len(data) - 1)]]
    ends = offsets[1:] - 1
    doubtful = np.flatnonzero(_MAY_END_SPACE[data[ends]])
    for size in (1, 2, 3) if len(doubtful) else ():
        last = np.zeros(len(doubtful), np.int64)
        for back in range(size):
            last |= data[np.maximum(ends[doubtful] - back, 0)].astype(np.int64) << 8 * back
        spaced[doubtful[np.isin(last, _SPACE_ENDS)]] = True
    if not spaced.any():
        return texts
    which = pa.array(spaced)
    bare = [text and text.strip() for text in texts.filter(which).to_pylist()]
    return pc.replace_with_mask(texts, which, pa.array(bare, pa.string()))


def blank(texts: pa.StringArray) -> Bools:
    """Return which texts are empty or white space; null is neither."""
    offsets = _offsets(texts)
    if offsets[-1] == offsets[0]:
        found: Bools = np.ones(len(texts), np.bool_)
    else:
        data = np.frombuffer(texts.buffers()[2], np.uint8)
        found = offsets[1:] == offsets[:-1]
        first = data[np.minimum(offsets[:-1], len(data) - 1)]
        doubtful = np.flatnonzero(_MAY_BE_SPACE[first] & ~found)
        found[doubtful] = [
            text is not None and text.isspace()
            for text in texts.take(pa.array(doubtful)).to_pylist()
        ]
    if texts.null_count:
        found &= np.asarray(texts.is_valid())
    return found


def without_blanks(texts: pa.StringArray) -> pa.StringArray:
    """Return texts, null for those that are empty or white space."""
    if not len(texts) or not (gone := blank(texts)).any():
        return texts
    return pc.if_else(pa.array(gone), pa.scalar(None, pa.string()), texts)


def joined(parts: Sequence[pa.StringArray], sep: str) -> pa.StringArray:
    """Return texts that belong together as one; null where all are."""
    whole = parts[0]
    for part in parts[1:]:  # what is null in either is null in both joined
        both = pc.binary_join_element_wise(whole, part, sep)
        whole = pc.coalesce(both, whole, part)
    return whole
