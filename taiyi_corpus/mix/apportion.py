"""Exact shares: how many of `total` each stratum gives, by weight, under limits and floors.

Shares over a limit are cut to it and what is left goes to the others, in proportion (water filling); then whole
numbers are made by the largest remainder, ties going to the name that sorts first.
"""

from __future__ import annotations

from collections.abc import Mapping


def apportion(
    total: int,
    weights: Mapping[str, float],
    limits: Mapping[str, int],
    floors: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Return whole numbers that sum to min(total, sum of limits), none over its limit.

    A floor is kept as far as the limit and the total allow.

    Example: apportion(10, {"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 9, "c": 9}) == {"a": 1, "b": 3, "c": 6}
    """
    names = sorted(name for name in weights if limits[name] > 0 and weights[name] > 0)
    total = min(total, sum(limits[name] for name in names))
    shares: dict[str, float] = dict.fromkeys(weights, 0.0)
    fixed: dict[str, float] = {
        name: float(min((floors or {}).get(name, 0), limits[name])) for name in names
    }
    fixed = {name: floor for name, floor in fixed.items() if floor > 0}
    if sum(fixed.values()) > total:  # the floors alone are too many: they share what there is
        return dict.fromkeys(weights, 0) | apportion(total, fixed, limits)
    free = _fill(total, names, weights, limits, fixed)
    shares.update(free)
    return _whole(total, shares, limits)


def _fill(total: int, names: list[str], weights: Mapping[str, float], limits: Mapping[str, int],
          floors: Mapping[str, float]) -> dict[str, float]:  # fmt: skip
    """Return real shares between floors and limits that sum to total."""
    pinned: dict[str, float] = {}
    while True:
        open_names = [name for name in names if name not in pinned]
        rest = total - sum(pinned.values())
        weight = sum(weights[name] for name in open_names)
        level = rest / weight if weight else 0.0
        share = {name: weights[name] * level for name in open_names}
        over = sum(max(0.0, share[name] - limits[name]) for name in open_names)
        under = sum(max(0.0, floors.get(name, 0.0) - share[name]) for name in open_names)
        if over == under == 0.0:
            return {**pinned, **share}
        # Pinning the side with the larger total first keeps the result independent of order.
        if over >= under:
            pinned |= {
                name: float(limits[name]) for name in open_names if share[name] > limits[name]
            }
        else:
            pinned |= {
                name: floors[name] for name in open_names if share[name] < floors.get(name, 0.0)
            }


def _whole(total: int, shares: Mapping[str, float], limits: Mapping[str, int]) -> dict[str, int]:
    # A share that is a whole number but for rounding is that number.
    whole = {name: min(int(share + 1e-9), limits[name]) for name, share in shares.items()}
    rest = total - sum(whole.values())
    by_remainder = sorted(shares, key=lambda name: (-(shares[name] - whole[name]), name))
    while rest > 0:
        given = 0
        for name in by_remainder:
            if rest and whole[name] < limits[name] and shares[name] > 0:
                whole[name] += 1
                rest -= 1
                given += 1
        if not given:
            break
    return whole
