"""What must hold of speed and memory, and whether it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.bigbio import LOADERS, loaded
from benchmarks.measure import Run, median, paired
from benchmarks.sections import Runs, Section

Line = tuple[
    str, str, str, bool | None
]  # what, wanted, measured, whether it holds; None: no bar, told beside one

_TAIYI, _SMALL, _LARGE = 1_100_000, 500_000, 5_000_000
_TABULAR = ("CSV", "JSON lines")


def bars(results: dict[str, Section]) -> list[Line]:
    """Return what could be held against what was measured."""
    return [
        line
        for name, lines in _LINES.items()
        if name in results
        for line in lines(results[name].runs)
    ]


def _builds(runs: Runs) -> Iterator[Line]:
    if taiyi := runs.get(f"{_TAIYI} records"):
        wall, memory = median(taiyi, lambda r: r.wall), median(taiyi, _together)
        rows = taiyi[0].said["rows"]
        what = f"{_TAIYI:,} rows from cached records, 2 workers ({rows:,} took {wall:.1f} s)"
        seconds = wall * _TAIYI / rows
        yield what, "under 60 s", f"{seconds:.0f} s", seconds < 60
        yield (
            f"{rows:,} rows from cached records: all processes",
            "under 2 GB",
            f"{memory:,.0f} MiB",
            memory * 2**20 < 2e9,
        )
    small, large = (runs.get(f"{size} records") for size in (_SMALL, _LARGE))
    if small and large:
        rate = median(large, _rate) / median(small, _rate)
        yield (
            f"rows / s at {_LARGE:,} of those at {_SMALL:,}",
            "85 % or more",
            f"{rate:.0%}",
            rate >= 0.85,
        )
        for what, value in (("largest process", _peak), ("all processes", _together)):
            more = median(large, value) / median(small, value)
            yield (
                f"peak memory at {_LARGE:,} of that at {_SMALL:,}, {what}",
                "120 % or less",
                f"{more:.0%}",
                more <= 1.2,
            )


def _rate(run: Run) -> float:
    return float(run.said["rows"] / run.wall)


def _peak(run: Run) -> float:
    return run.peak


def _together(run: Run) -> float:
    return run.together


def _workers(runs: Runs) -> Iterator[Line]:
    for size, what, one, two in pairs_of_workers(runs):
        ratio = paired(one, two, lambda r: r.wall)
        build = f"a build of {size:,} records {what}, 2 workers beside 1"
        yield build, "1.7x or more", f"{ratio:.2f}x", ratio >= 1.7


def sizes(runs: Runs) -> list[int]:
    """Return the sizes that were measured: the first word of the name of a run."""
    return sorted({int(name.split()[0]) for name in runs})


def pairs_of_workers(runs: Runs) -> Iterator[tuple[int, str, list[Run], list[Run]]]:
    """Yield size and kind of each build that was measured, with its runs with one worker and with two."""
    for size in sizes(runs):
        for what, cached in (("from nothing", "none"), ("from cached records", "records")):
            yield size, what, runs[f"{size} {cached} 1"], runs[f"{size} {cached} 2"]


def _datasets(runs: Runs) -> Iterator[Line]:
    ratio = min(
        paired(
            runs[f"peer {n}"],
            runs["ours"],
            lambda r: r.said.get("rest", r.said.get("wall", 0.0)) / r.said["rows"],
        )
        for n in (1, 2)
    )
    rows = runs["ours"][0].said["rows"]
    yield (
        f"a build of {rows:,} rows from cached and curated records, beside `datasets` alone, the faster of its two runs",
        "",
        f"{ratio:.1f}x",
        None,
    )


def _pipeline(runs: Runs) -> Iterator[Line]:
    for size in sizes(runs):
        for tool, least in (("datatrove", 8), ("datasketch", None)):
            ratio = paired(runs[f"{size} {tool}"], runs[f"{size} ours"], lambda r: r.wall)
            yield (
                f"curating {size:,} cached records and building, beside {tool}, then `datasets`",
                f"{least}x or more" if least else "",
                f"{ratio:.1f}x",
                ratio >= least if least else None,
            )


def _limits(runs: Runs) -> Iterator[Line]:
    share = median(runs["write"], lambda r: r.said["pyarrow"] / r.said["ours"])
    yield "writing Parquet, of pyarrow's own speed", "50 % or more", f"{share:.0%}", share >= 0.5


def _loaders(runs: Runs) -> Iterator[Line]:
    for name, (format_, _, _) in LOADERS.items():
        ratio = paired(runs[f"{name} ours 2"], runs[f"{name} theirs"], loaded)
        wanted = 10 if format_ in _TABULAR else 4
        yield (
            f"{name} ({format_}), 2 workers beside BigBIO's loader, records a second of wall time",
            f"{wanted}x or more",
            f"{ratio:.1f}x",
            ratio >= wanted,
        )


def _start(runs: Runs) -> Iterator[Line]:
    for name, of in runs.items():
        wall = median(of, lambda r: r.wall)
        yield f"`taiyi-corpus {name}`", "under 0.5 s", f"{wall:.2f} s", wall < 0.5


_LINES: dict[str, Callable[[Runs], Iterator[Line]]] = {
    "builds": _builds, "workers": _workers, "datasets": _datasets, "pipeline": _pipeline, "limits": _limits, "loaders": _loaders, "start": _start,
}  # fmt: skip
