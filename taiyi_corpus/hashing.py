"""Stable hashes: every choice the corpus makes is a pure function of (seed, purpose, id).

Nothing here depends on PYTHONHASHSEED, the clock, worker count or order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import xxhash

T = TypeVar("T")
_PIECE = 1 << 16  # bytes read at a time: corpora come as thousands of small files, too


def hash64(seed: int, purpose: str, key: str) -> int:
    """Return an unsigned 64-bit hash (XXH3) of (seed, purpose, key)."""
    return xxhash.xxh3_64_intdigest(f"{seed}\x1f{purpose}\x1f{key}".encode())


def unit(seed: int, purpose: str, key: str) -> float:
    """Return a number in [0, 1), uniform over keys."""
    return hash64(seed, purpose, key) / 2.0**64


def pick(items: Sequence[T], seed: int, purpose: str, key: str) -> T:
    """Return one of `items`, drawn evenly over keys."""
    return items[hash64(seed, purpose, key) % len(items)]


def shuffled(items: Sequence[T], seed: int, purpose: str, key: str) -> list[T]:
    """Return `items` in an order that depends on (seed, purpose, key) and the position of each item."""
    if len(items) < 2:
        return list(items)
    data = f"{seed}\x1f{purpose}\x1f{key}".encode()
    digest = xxhash.xxh3_64_intdigest
    order = sorted(range(len(items)), key=[digest(data, i) for i in range(len(items))].__getitem__)
    return [items[i] for i in order]


def text_hash(text: str) -> str:
    """Return the 128-bit hash (XXH3, hex) of a text, for cache keys."""
    return xxhash.xxh3_128_hexdigest(text.encode())


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file (hex), read in pieces."""
    digest, piece = hashlib.sha256(), memoryview(bytearray(_PIECE))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            digest.update(piece[:size])
    return digest.hexdigest()
