"""Best-fit packing: rows of tokens into sequences of one length, as full as they go, none cut.

Longest first, each into the fullest sequence that still has room for it; a new sequence only where none has.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence


def best_fit(lengths: Sequence[int], capacity: int) -> list[list[int]]:
    """Return the rows (by position) of each sequence; every row is in one, and none is longer than the capacity.

    Ties are broken by position, so the result depends on the lengths alone.

    Example: best_fit([3, 5, 2, 4], 7) == [[1, 2], [3, 0]]
    """
    if over := [length for length in lengths if length > capacity]:
        raise ValueError(f"{len(over)} rows longer than {capacity}")
    bins: list[list[int]] = []
    rooms: list[int] = []  # distinct rooms left, ascending
    with_room: dict[int, list[int]] = {}  # room left -> bins, the oldest last
    for row in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        need = lengths[row]
        at = bisect_left(rooms, need)
        if at == len(rooms):
            bins.append([row])
            number, room = len(bins) - 1, capacity - need
        else:
            room = rooms[at]
            number = with_room[room].pop()
            if not with_room[room]:
                del with_room[room], rooms[at]
            bins[number].append(row)
            room -= need
        if room:
            if room not in with_room:
                with_room[room] = []
                insort(rooms, room)
            with_room[room].append(number)
    return bins
