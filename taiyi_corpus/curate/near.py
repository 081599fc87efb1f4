"""Near duplicates among sketches: candidates by banding, each checked, survivors by rank.

Records that agree in all slots of one band are candidates. Of each bucket the best-ranked record and the neighbour
in rank are compared with each member, so the work grows with the records and not with the square of a bucket. A record
goes if it is like a better-ranked one that stays; the answer depends on ranks and sketches only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from taiyi_corpus.curate.grams import I64, U64
from taiyi_corpus.curate.sketch import SLOTS, Sketches, agreement, has_sketch

_RECALL = 0.98  # of pairs at the threshold that are to become candidates


def band_rows(threshold: float) -> int:
    """Return the most slots a band may have so that pairs at the threshold still meet in one."""
    best = 1
    for rows in range(1, SLOTS + 1):
        if 1.0 - (1.0 - threshold**rows) ** (SLOTS // rows) >= _RECALL:
            best = rows
    return min(best, 4)  # four slots fill the 64 bits a band is compared by


def near_duplicates(sketched: Sketches, spaces: U64, rank: I64, threshold: float) -> I64:
    """Return for each record the one it repeats, or -1.

    Args:
        spaces: only records of one space are compared; 0 is no space.
        rank: order in which records survive, all different.
        threshold: least estimated Jaccard similarity of shingles.
    """
    of = np.full(len(sketched), -1, dtype=np.int64)
    order = np.argsort(rank, kind="stable")
    order = order[((spaces != 0) & has_sketch(sketched))[order]]
    pairs = _candidates(sketched, spaces, order, band_rows(threshold))
    like = agreement(sketched, pairs[0], pairs[1]) >= threshold
    better, worse = pairs[0][like], pairs[1][like]
    by_rank = np.lexsort((rank[better], rank[worse]))
    for one, other in zip(better[by_rank].tolist(), worse[by_rank].tolist(), strict=True):
        if of[other] >= 0:
            continue
        root = one if of[one] < 0 else int(of[one])
        # What is like a record that went may still be unlike the one that stayed.
        if root == one or agreement(sketched, np.array([root]), np.array([other]))[0] >= threshold:
            of[other] = root
    return of


def band_key(sketched: Sketches, spaces: U64, band: int, rows: int) -> U64:
    """Return what records of one space have in common that agree in all slots of a band."""
    key = np.zeros(len(sketched), dtype=np.uint64)
    for slot in range(band * rows, band * rows + rows):
        key = (key << np.uint64(16)) | sketched[:, slot]
    return key ^ (spaces * np.uint64(0x9E3779B97F4A7C15))


def _candidates(sketched: Sketches, spaces: U64, order: I64, rows: int) -> tuple[I64, I64]:
    """Return pairs (better ranked, worse ranked) that share a band, each once."""
    found: list[npt.NDArray[np.uint64]] = []
    for band in range(SLOTS // rows):
        key = band_key(sketched, spaces, band, rows)[order]
        # `order` is by rank and the sort is stable, so each bucket comes out by rank.
        place = np.argsort(key, kind="stable")
        key = key[place]
        same = np.concatenate(([False], key[1:] == key[:-1]))
        starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(key))))
        members = np.flatnonzero(same)
        found += [
            place[partner].astype(np.uint64) << np.uint64(32) | place[members].astype(np.uint64)
            for partner in (starts[members], members - 1)
        ]
        if len(found) > 16:
            found = [np.unique(np.concatenate(found))]
    pairs = np.unique(np.concatenate([np.empty(0, np.uint64), *found]))
    better = order[(pairs >> np.uint64(32)).astype(np.int64)]
    worse = order[(pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)]
    same_space = spaces[better] == spaces[worse]
    return better[same_space], worse[same_space]


def exact_duplicates(keys: U64, rank: I64) -> I64:
    """Return for each record the best-ranked one with its key, or -1; a key of 0 is no key."""
    of = np.full(len(keys), -1, dtype=np.int64)
    order = np.lexsort((rank, keys))
    order = order[keys[order] != 0]
    if not len(order):
        return of
    sorted_keys = keys[order]
    same = np.concatenate(([False], sorted_keys[1:] == sorted_keys[:-1]))
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    of[order[same]] = order[starts[same]]
    return of
