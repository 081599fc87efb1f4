"""Tables of the pages, and what they say of runs."""

from __future__ import annotations

from benchmarks.measure import Run, median
from benchmarks.sections import Section

TIMES = [
    "runs",
    "rows",
    "wall s",
    "cpu s",
    "rows / s",
    "rows / cpu s",
    "peak MiB, largest process",
    "all processes",
]


def where(section: Section) -> str:
    """Return the machine that measured a section, and what else it did then."""
    loads = ", ".join(f"{load:.1f}" for load in section.loads)
    return f"{section.machine}; load average when it began {loads}" if loads else section.machine


def table(head: list[str], lines: list[list[str]]) -> str:
    """Return a table in Markdown; all but the first column are numbers."""
    rows = [head, ["---"] + ["--:"] * (len(head) - 1), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def times(runs: list[Run]) -> list[str]:
    """Return the cells below TIMES."""
    rows = runs[0].said["rows"]
    return [
        str(len(runs)), f"{rows:,}", f"{median(runs, lambda r: r.wall):.1f}", f"{median(runs, lambda r: r.cpu):.1f}",
        f"{median(runs, lambda r: rows / r.wall):,.0f}", f"{median(runs, lambda r: rows / r.cpu):,.0f}",
        f"{median(runs, lambda r: r.peak):,.0f}", f"{median(runs, lambda r: r.together):,.0f}",
    ]  # fmt: skip
