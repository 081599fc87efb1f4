"""Tokens, n-grams and hashes of many texts at once, as arrays: what duplicates and leaks are found by.

A token is a run of letters and digits, one Han character, or one other visible character. Letters count in lower case,
after NFKC; blanks do not count. Every hash is a polynomial over 64 bits, read off prefix sums, so that the cost of an
n-gram does not depend on n and no string is made.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

BLANK, WORD, HAN, MARK = 0, 1, 2, 3
BATCH_CHARS = 250_000  # texts are taken together up to so many characters: their arrays fit a processor's cache
_ODD_CHAR = (
    0x9E3779B97F4A7C15  # bases of the two polynomials: odd, so that they have inverses modulo 2**64
)
_ODD_TOKEN = 0xD1342543DE82EF95
_BMP = 0x10000


class Runs(NamedTuple):
    """Runs of texts that stand next to each other: from `first` up to and not including `last`."""

    first: I64
    last: I64


@dataclass(frozen=True)
class Tokens:
    """Tokens of a batch of texts; those of text i are `bounds[i]` up to `bounds[i + 1]`."""

    joined: str  # the texts, after NFKC, with a line break after each
    hashes: U64
    start: I64  # of each token in `joined`
    end: I64
    kind: U8  # WORD, HAN or MARK
    bounds: I64

    def words(self) -> Tokens:
        """Return the tokens without marks."""
        keep = self.kind != MARK
        count = np.concatenate(([0], np.cumsum(keep)))
        return Tokens(self.joined, self.hashes[keep], self.start[keep], self.end[keep], self.kind[keep],
                      count[self.bounds])  # fmt: skip

    def merged(self, first: npt.NDArray[np.bool_]) -> Tokens:
        """Return tokens put together to longer ones; `first` marks those that begin one, as each text's first does."""
        prefix, inverse = self._prefix
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], len(first))[: len(starts)]
        hashes = _mixed((prefix[ends] - prefix[starts]) * inverse[starts])
        count = np.concatenate(([0], np.cumsum(first)))
        return Tokens(self.joined, hashes, self.start[starts], self.end[ends - 1], self.kind[starts],
                      count[self.bounds])  # fmt: skip

    def sizes(self) -> I64:
        """Return the number of tokens of each text."""
        return np.asarray(np.diff(self.bounds), dtype=np.int64)

    def chinese(self) -> npt.NDArray[np.bool_]:
        """Return which texts have more Han characters than words."""
        han = np.concatenate(([0], np.cumsum(self.kind == HAN)))
        return np.asarray(2 * np.diff(han[self.bounds]) > np.diff(self.bounds), dtype=np.bool_)

    def runs(self, of: Runs) -> Tokens:
        """Return the tokens of runs of texts, each of them taken as one text."""
        start, end = self.bounds[of.first], self.bounds[of.last]
        bounds: I64 = np.concatenate(([0], np.cumsum(end - start))).astype(np.int64)
        if bounds[-1] == len(self.hashes) and (start == bounds[:-1]).all():
            # All there is, in order.
            return Tokens(self.joined, self.hashes, self.start, self.end, self.kind, bounds)
        take = np.repeat(start - bounds[:-1], end - start) + np.arange(bounds[-1])
        return Tokens(self.joined, self.hashes[take], self.start[take], self.end[take], self.kind[take],
                      bounds)  # fmt: skip

    def wholes(self) -> U64:
        """Return the hash of each text as a whole; 0 of a text without tokens."""
        return self._wholes(self.bounds[:-1], self.bounds[1:])

    def wholes_of(self, of: Runs) -> U64:
        """Return the hash of each run of texts as a whole; 0 of a run without tokens."""
        return self._wholes(self.bounds[of.first], self.bounds[of.last])

    def _wholes(self, first: I64, last: I64) -> U64:
        prefix, inverse = self._prefix
        hashes = _mixed((prefix[last] - prefix[first]) * inverse[first])
        return np.where(last > first, hashes | np.uint64(1), np.uint64(0))

    def windows(self, n: int) -> U64:
        """Return the hash of n tokens from each token on, as far as there are n; bounds of texts do not count."""
        prefix, inverse = self._prefix
        return _mixed((prefix[n:] - prefix[:-n]) * inverse[: len(prefix[n:])])

    def grams(self, n: int) -> tuple[U64, I64, I64]:
        """Return the hash of every n-gram, the token it starts at, and the bounds of each text among the n-grams."""
        sizes = np.maximum(self.sizes() - n + 1, 0)
        bounds = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        skipped: I64 = np.asarray(np.repeat(self.bounds[:-1] - bounds[:-1], sizes), dtype=np.int64)
        first = skipped + np.arange(len(skipped), dtype=np.int64)
        return self.windows(n)[first], first, np.asarray(bounds, dtype=np.int64)

    def text(self, first: int, last: int) -> str:
        """Return the stretch from token `first` up to and not including `last`, as it stands in the text."""
        return self.joined[int(self.start[first]) : int(self.end[last - 1])]

    @functools.cached_property
    def _prefix(self) -> tuple[U64, U64]:
        power, inverse = _powers(_ODD_TOKEN, len(self.hashes) + 1)
        return _sums(self.hashes * power[:-1]), inverse


def batches(texts: Sequence[str]) -> Iterator[slice]:
    """Yield slices of `texts` that are small enough to be taken together."""
    start = chars = 0
    for number, text in enumerate(texts):
        chars += len(text)
        if chars >= BATCH_CHARS:
            yield slice(start, number + 1)
            start, chars = number + 1, 0
    if start < len(texts):
        yield slice(start, len(texts))


def tokenise(texts: Sequence[str]) -> Tokens:
    """Return the tokens of texts."""
    plain = [one if one.isascii() else unicodedata.normalize("NFKC", one) for one in texts]
    joined = "\n".join(plain) + "\n"
    if joined.count("\n") != len(texts):  # a text has line breaks of its own
        joined = "\n".join(" ".join(text.split("\n")) for text in plain) + "\n"
    codes = _codes(joined)
    kinds, letters = _tables()
    if codes.dtype == np.uint32:
        low = np.minimum(codes, _BMP - 1)
        kind, values = kinds[low], np.where(codes < _BMP, letters[low], codes + np.uint64(1))
    else:
        kind, values = kinds.take(codes), letters.take(codes)
    word = np.zeros(len(codes) + 2, dtype=np.bool_)
    np.equal(kind, WORD, out=word[1:-1])
    single = kind > WORD
    start = np.flatnonzero(single | (word[1:-1] & ~word[:-2]))
    end = np.flatnonzero(single | (word[1:-1] & ~word[2:])) + 1
    power, inverse = _powers(_ODD_CHAR, len(codes))
    values *= power
    prefix = _sums(values)
    hashes = _mixed((prefix[end] - prefix[start]) * inverse[start])
    ends = np.flatnonzero(codes == 10)
    bounds = np.concatenate(([0], np.searchsorted(start, ends))).astype(np.int64)
    return Tokens(joined, hashes, start, end, kind[start], bounds)


def _codes(text: str) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Return the code points of a text, in the fewest bytes that hold each of them."""
    if text.isascii():
        return np.frombuffer(text.encode(), dtype=np.uint8)
    short = text.encode("utf-16-le", "surrogatepass")
    if len(short) == 2 * len(text):  # all are of the basic plane
        return np.frombuffer(short, dtype=np.uint16)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def contains(values: U64, table: U64) -> npt.NDArray[np.bool_]:
    """Return which values are in a sorted table."""
    if not len(table):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.searchsorted(table, values)
    place[place == len(table)] = 0
    return np.asarray(table[place] == values, dtype=np.bool_)


@functools.cache
def _tables() -> tuple[U8, U64]:
    """Return of every character of the basic plane its kind, and its lower case plus one.

    What lies above counts as a mark.
    """
    kinds = np.zeros(_BMP, dtype=np.uint8)
    lower = np.arange(_BMP, dtype=np.uint32)
    for code in range(_BMP):
        char = chr(code)
        category = unicodedata.category(char)
        if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            kinds[code] = HAN
        elif category[0] in "LNM":
            kinds[code] = WORD
            folded = char.lower()
            if len(folded) == 1:
                lower[code] = ord(folded)
        elif category[0] in "PS":
            kinds[code] = MARK
    kinds[_BMP - 1] = MARK
    return kinds, lower.astype(np.uint64) + np.uint64(1)


_cached: dict[int, tuple[U64, U64]] = {}


def _powers(base: int, count: int) -> tuple[U64, U64]:
    """Return base**i and base**-i modulo 2**64 for i below `count`."""
    have = _cached.get(base)
    if have is None or len(have[0]) < count:
        size = max(count, 2 * BATCH_CHARS)
        have = _geometric(base, size), _geometric(pow(base, -1, 1 << 64), size)
        _cached[base] = have
    return have[0][:count], have[1][:count]


def _geometric(base: int, count: int) -> U64:
    terms = np.full(count, base, dtype=np.uint64)
    terms[0] = 1
    return np.multiply.accumulate(terms)


def _sums(values: U64) -> U64:
    out = np.empty(len(values) + 1, dtype=np.uint64)
    out[0] = 0
    np.cumsum(values, out=out[1:])
    return out


def _mixed(values: Any) -> U64:
    """Return values with their bits mixed (the finaliser of MurmurHash 3)."""
    x = np.asarray(values, dtype=np.uint64)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    x = (x ^ (x >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return np.asarray(x ^ (x >> np.uint64(33)), dtype=np.uint64)
