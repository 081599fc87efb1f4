"""The page docs/scale.md: what a row costs in each stage, from builds of several sizes, and what that makes of larger ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks.measure import Run, median
from benchmarks.sections import Runs, Section
from benchmarks.tables import table, where

_TEXT = Path(__file__).with_name("scale.txt")
_CORES = (1, 16, 256)
_ROWS = (1_100_000, 30_000_000, 1_000_000_000)
# stage -> the builds in which it works
_STAGES = {
    "normalise": "cold", "curate": "cold", "candidates": "records", "render": "records", "write": "records",
}  # fmt: skip


class Costs(Struct):
    """Of one row, in microseconds of one core; and in bytes."""

    read: float  # reading, normalising, curating
    make: float  # candidates, rendering, writing
    read_alone: float  # of reading, what only the main process does
    make_alone: float
    fixed: float  # seconds before the first row
    held: float  # bytes of all processes that grow with the rows


def page(results: dict[str, Section]) -> str:
    """Return docs/scale.md."""
    text = _TEXT.read_text(encoding="utf-8")
    runs = {
        name: of
        for section in ("cold", "builds")
        if section in results
        for name, of in results[section].runs.items()
    }
    sizes = sorted(
        size
        for name in runs
        if f"{(size := int(name.split()[0]))} records" in runs and name.endswith("cold")
    )
    if len(sizes) < 2:
        return text.split("## Measured", 1)[0] + "Not measured yet: run `python -m benchmarks`.\n"
    costs = _costs(runs, sizes)
    said = runs[f"{sizes[-1]} cold"][0].said
    return text.format(machine=where(results["builds"]), cold=where(results["cold"]), slopes=_slopes(runs, sizes),
                       stages=_stages(runs, sizes), read=costs.read, make=costs.make, alone=costs.read_alone + costs.make_alone,
                       make_alone=costs.make_alone, fixed=costs.fixed, worked=_worked(costs), bytes=_bytes(said),
                       volume=_volume(said), held=costs.held,
                       memory=", ".join(f"{costs.held * rows / 1e9:,.1f} GB for {rows:,}" for rows in _ROWS[1:]))  # fmt: skip


def _costs(runs: Runs, sizes: list[int]) -> Costs:
    """Return the slopes between the smallest and the largest size."""
    rows = [float(runs[f"{size} cold"][0].said["rows"]) for size in (sizes[0], sizes[-1])]

    def ends(cached: str, value: Callable[[Run], float]) -> list[float]:
        return [median(runs[f"{size} {cached}"], value) for size in (sizes[0], sizes[-1])]

    def slope(cached: str, value: Callable[[Run], float]) -> float:
        low, high = ends(cached, value)
        return (high - low) / (rows[1] - rows[0]) * 1e6

    make, make_alone = slope("records", _cpu), max(0.0, slope("records", _parent))
    read_alone = max(0.0, slope("cold", _parent) - make_alone)
    fixed = max(0.0, ends("records", _cpu)[0] - make * rows[0] / 1e6)
    held = max(0.0, _grown(runs, sizes))
    return Costs(slope("cold", _cpu) - make, make, read_alone, make_alone, fixed, held)


def _grown(runs: Runs, sizes: list[int]) -> float:
    """Return bytes a row between the two largest sizes: below, what grows is the parts that workers hold."""
    small, large = (runs[f"{size} cold"] for size in sizes[-2:])
    more = median(large, lambda run: run.together) - median(small, lambda run: run.together)
    return float(more * 2**20 / (large[0].said["rows"] - small[0].said["rows"]))


def _cpu(run: Run) -> float:
    return run.cpu


def _parent(run: Run) -> float:
    return float(run.said["parent"])


def _slopes(runs: Runs, sizes: list[int]) -> str:
    lines = []
    for size in sizes:
        warm, cold = runs[f"{size} records"], runs[f"{size} cold"]
        lines.append([
            f"{size:,}", f"{warm[0].said['rows']:,}",
            str(len(cold)), f"{median(cold, lambda r: r.wall):.1f}", f"{median(cold, _cpu):.1f}",
            str(len(warm)), f"{median(warm, lambda r: r.wall):.1f}", f"{median(warm, _cpu):.1f}",
            f"{median(warm, lambda r: r.said['rows'] / r.wall):,.0f}", f"{median(warm, lambda r: r.said['rows'] / r.cpu):,.0f}",
            f"{median(warm, lambda r: r.peak):,.0f}", f"{median(warm, lambda r: r.together):,.0f}",
        ])  # fmt: skip
    head = ["records", "rows", "runs from nothing", "wall s", "cpu s", "runs from records", "wall s", "cpu s", "rows / s",
            "rows / cpu s", "peak MiB, largest process", "all processes"]  # fmt: skip
    return table(head, lines)


def _busy(of: list[Run], stage: str) -> float:
    return median(of, lambda run: run.said["busy"].get(stage, 0.0))


def _read(runs: Runs, size: int) -> float:
    """Return the processor time of reading and normalising: what a build from cached records spares, without curating."""
    cold, records = runs[f"{size} cold"], runs[f"{size} records"]
    return (
        median(cold, lambda run: run.cpu)
        - median(records, lambda run: run.cpu)
        - _busy(cold, "curate")
    )


def _stages(runs: Runs, sizes: list[int]) -> str:
    """Return rows a second of one core, by stage and size, and the slope between the smallest and the largest."""
    lines = []
    for stage, cached in _STAGES.items():
        rows, busy = [], []
        for size in sizes:
            of = runs[f"{size} {cached}"]
            rows.append(of[0].said["rows"])
            busy.append(_read(runs, size) if stage == "normalise" else _busy(of, stage))
        rates = [
            f"{row / max(seconds, 0.01):,.0f}" for row, seconds in zip(rows, busy, strict=True)
        ]
        each = (busy[-1] - busy[0]) / (rows[-1] - rows[0])
        lines.append([stage, *rates, f"{1 / each:,.0f}" if each > 0 else "-", f"{each * 1e6:.1f}"])
    head = ["stage", *(f"{size:,} records" for size in sizes), "slope, rows / s", "slope, µs a row"]
    return table(head, lines)


def _bytes(said: dict[str, Any]) -> str:
    rows = said["rows"]
    lines = [[stage, *(f"{size / rows:,.0f}" for size in moved)] for stage, *moved in _moved(said)]
    return table(["stage", "reads, bytes a row", "writes"], lines)


def _moved(said: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return what each stage reads and writes."""
    records, curated, candidates = (
        said["kept"].get(kind, 0) for kind in ("records", "curated", "candidates")
    )
    return [
        ("normalise", said["raw"], records), ("curate", records, curated), ("candidates", records + curated, candidates),
        ("render", candidates, said["shuffled"]), ("write", said["shuffled"], said["bytes"]),
    ]  # fmt: skip


def _volume(said: dict[str, Any]) -> str:
    each = said["shuffled"] / said["rows"]
    return ", ".join(f"{each * rows / 1e9:,.1f} GB for {rows:,}" for rows in _ROWS)


def _worked(costs: Costs) -> str:
    nothing = (costs.read + costs.make, costs.read_alone + costs.make_alone)
    lines = []
    for rows in _ROWS:
        for what, (each, alone) in (
            ("from nothing", nothing),
            ("from cached records", (costs.make, costs.make_alone)),
        ):
            cells = []
            for cores in _CORES:
                # The main process does its part while nobody else works.
                seconds = costs.fixed + rows / 1e6 * (alone + (each - alone) / cores)
                cells.append(_spoken(seconds))
            lines.append([f"{rows:,}", what, *cells])
    return table(
        ["rows", "build", *(f"{cores} core" + "s" * (cores > 1) for cores in _CORES)], lines
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3600:.1f} h"
