"""The page docs/scale.md: what a row costs in each stage, from builds of several sizes, and what that makes of larger ones."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from benchmarks.measure import Run, median
from benchmarks.report import table
from benchmarks.sections import Section

_TEXT = Path(__file__).with_name("scale.txt")
_CORES = (1, 16, 256)
_ROWS = (1_100_000, 30_000_000, 1_000_000_000)


class Costs(Struct):
    """Of one row, in microseconds of one core and in bytes."""

    read: float  # reading, normalising, curating
    make: float  # candidates, rendering, writing
    parent: float  # of the two, what only one process does
    fixed: float  # seconds before the first row


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
    return text.format(machine=results["builds"].machine, cold=results["cold"].machine, slopes=_slopes(runs, sizes), stages=_stages(runs, sizes),
                       read=costs.read, make=costs.make, parent=costs.parent, fixed=costs.fixed,
                       worked=_worked(costs), bytes=_bytes(runs[f"{sizes[-1]} cold"][0]))  # fmt: skip


def _costs(runs: dict[str, list[Run]], sizes: list[int]) -> Costs:
    """Return the slopes between the smallest and the largest size."""
    small, large = sizes[0], sizes[-1]

    def cpu(size: int, cached: str) -> float:
        return median(runs[f"{size} {cached}"], lambda run: run.cpu)

    def parent(size: int) -> float:
        return median(runs[f"{size} records"], lambda run: run.said["parent"])

    def rows(size: int) -> float:
        return float(runs[f"{size} cold"][0].said["rows"])

    more = (rows(large) - rows(small)) / 1e6
    make = (cpu(large, "records") - cpu(small, "records")) / more
    read = (cpu(large, "cold") - cpu(small, "cold")) / more - make
    alone = max(0.0, (parent(large) - parent(small)) / more)
    return Costs(read, make, alone, max(0.0, cpu(small, "records") - make * rows(small) / 1e6))


def _slopes(runs: dict[str, list[Run]], sizes: list[int]) -> str:
    lines = []
    for size in sizes:
        warm, cold = runs[f"{size} records"], runs[f"{size} cold"]
        rows = warm[0].said["rows"]
        lines.append([
            f"{size:,}", f"{rows:,}", str(len(warm)), f"{cold[0].wall:.1f}", f"{cold[0].cpu:.1f}",
            f"{median(warm, lambda r: r.wall):.1f}", f"{median(warm, lambda r: r.cpu):.1f}",
            f"{median(warm, lambda r: r.said['rows'] / r.said['wall']):,.0f}", f"{median(warm, lambda r: r.said['rows'] / r.cpu):,.0f}",
            f"{median(warm, lambda r: r.peak):,.0f}", f"{median(warm, lambda r: r.together):,.0f}",
        ])  # fmt: skip
    head = ["records", "rows", "runs", "from nothing, wall s", "cpu s", "from records, wall s", "cpu s", "rows / s",
            "rows / cpu s", "peak MiB, largest process", "all processes"]  # fmt: skip
    return table(head, lines)


def _stages(runs: dict[str, list[Run]], sizes: list[int]) -> str:
    stages = ["normalise", "curate", "candidates", "render", "write"]
    lines = []
    for size in sizes:
        cold, warm = runs[f"{size} cold"][0].said, runs[f"{size} records"]
        cells = [
            cold["stages"].get(stage, 0.0) if stage in stages[:2]
            else median(warm, lambda r, stage=stage: r.said["stages"].get(stage, 0.0))  # type: ignore[misc]
            for stage in stages
        ]  # fmt: skip
        lines.append([f"{size:,}", *(f"{seconds / cold['rows'] * 1e6:.1f}" for seconds in cells)])
    return table(["records", *stages], lines)


def _bytes(cold: Run) -> str:
    rows, kept = cold.said["rows"], cold.said["kept"]
    sizes = {"raw files": cold.said["raw"], "shards": cold.said["bytes"]}
    sizes |= {f"cache: {kind}": kept.get(kind, 0) for kind in ("records", "curated", "candidates")}
    return table(
        ["what", "bytes a row"], [[name, f"{size / rows:,.0f}"] for name, size in sizes.items()]
    )


def _worked(costs: Costs) -> str:
    lines = []
    for rows in _ROWS:
        for what, each in (
            ("from nothing", costs.read + costs.make),
            ("from cached records", costs.make),
        ):
            cells = []
            for cores in _CORES:
                # The parent does its part while nobody else works.
                seconds = costs.fixed + rows / 1e6 * (costs.parent + (each - costs.parent) / cores)
                cells.append(_spoken(seconds))
            lines.append([f"{rows:,}", what, *cells])
    return table(
        ["rows", "build", *(f"{cores} core" + "s" * (cores > 1) for cores in _CORES)], lines
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3600:.1f} h"
