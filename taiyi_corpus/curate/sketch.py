"""MinHash sketches: short signatures whose agreement estimates the Jaccard similarity of two texts.

Shingles are n-grams of words (Han characters in Chinese), hashed as arrays; one slot of a sketch is the least value
that one of `SLOTS` hash functions takes over a text's shingles. Sixteen bits a slot are kept: a chance agreement of two
slots is one in 65,536.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from taiyi_corpus.curate.grams import I64, U64, Tokens, batches, tokenise

SLOTS = 128
Sketches = npt.NDArray[np.uint16]
_PIECE = 1 << 16  # shingles hashed at a time: they fit a processor's cache


def _multipliers() -> npt.NDArray[np.uint32]:
    x = np.uint64(0x243F6A8885A308D3) + np.arange(1, SLOTS + 1, dtype=np.uint64) * np.uint64(
        0x9E3779B97F4A7C15
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((x >> np.uint64(32)).astype(np.uint32) | np.uint32(1))


with np.errstate(over="ignore"):
    _MULTIPLIERS = _multipliers()


def sketches(texts: Sequence[str], n: int, least: int) -> tuple[U64, Sketches]:
    """Return the hash of each text as a whole (0 of none), and its sketch (zeros of one under `least` words)."""
    wholes = np.zeros(len(texts), dtype=np.uint64)
    found = np.zeros((len(texts), SLOTS), dtype=np.uint16)
    for piece in batches(texts):
        tokens = tokenise(texts[piece])
        wholes[piece] = tokens.wholes()
        found[piece] = sketch(tokens.words(), n, least)
    return wholes, found


def sketch(words: Tokens, n: int, least: int) -> Sketches:
    """Return the sketches of tokenised texts; zeros for those under `least` words."""
    found = np.zeros((len(words.bounds) - 1, SLOTS), dtype=np.uint16)
    hashes, _, bounds = words.grams(n)
    low = (hashes >> np.uint64(32)).astype(np.uint32)
    rows = np.flatnonzero(words.sizes() >= max(least, n))
    for some in _pieces(bounds, rows):
        start = bounds[some[0]]
        values = low[start : bounds[some[-1] + 1]]
        found[some] = _least(values, bounds[some] - start)
    return found


def _pieces(bounds: I64, rows: I64) -> list[I64]:
    """Cut rows into runs without gaps, of some tens of thousands of shingles each."""
    pieces: list[I64] = []
    start = 0
    for at in range(1, len(rows) + 1):
        ends = at == len(rows) or rows[at] != rows[at - 1] + 1
        if ends or bounds[rows[at]] - bounds[rows[start]] > _PIECE:
            pieces.append(rows[start:at])
            start = at
    return pieces


def _least(values: npt.NDArray[np.uint32], starts: I64) -> Sketches:
    out = np.empty((SLOTS, len(starts)), dtype=np.uint16)
    turned = np.empty_like(values)
    shifted = np.empty_like(values)
    for slot, multiplier in enumerate(_MULTIPLIERS):
        np.multiply(values, multiplier, out=turned)
        np.right_shift(turned, 15, out=shifted)
        np.bitwise_xor(turned, shifted, out=turned)
        # Low bits of a least value are as even as any; its high bits are nearly always zero.
        out[slot] = (np.minimum.reduceat(turned, starts) & np.uint32(0xFFFF)).astype(np.uint16)
    return np.asarray(out.T)


def has_sketch(sketched: Sketches) -> npt.NDArray[np.bool_]:
    """Return which rows are no zeros."""
    out = np.empty(len(sketched), dtype=np.bool_)
    for start in range(0, len(sketched), 1 << 17):
        piece = slice(start, start + (1 << 17))
        out[piece] = sketched[piece].any(axis=1)
    return out


def agreement(sketched: Sketches, a: I64, b: I64) -> npt.NDArray[np.float32]:
    """Return the estimated Jaccard similarity of pairs of rows."""
    out = np.empty(len(a), dtype=np.float32)
    for start in range(0, len(a), 1 << 17):
        piece = slice(start, start + (1 << 17))
        out[piece] = (sketched[a[piece]] == sketched[b[piece]]).mean(axis=1, dtype=np.float32)
    return out
