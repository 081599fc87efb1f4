"""The pages of the benchmarks say what was measured, and whether what must hold holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import report, scale
from benchmarks.bars import bars
from benchmarks.data import SHARES, write_world
from benchmarks.measure import Run
from benchmarks.sections import Section


def run(wall: float, *, rows: int = 1_000, together: float = 500.0, **said: Any) -> Run:
    stages = dict.fromkeys(("normalise", "curate", "candidates", "render", "write"), wall / 5)
    told = {"rows": rows, "wall": wall, "cpu": wall, "parent": wall / 100, "stages": stages,
            "raw": rows * 800, "bytes": rows * 300, "kept": {}}  # fmt: skip
    return Run(wall, 2 * wall, 300.0, told | said, together)


def builds(seconds: dict[int, float]) -> dict[str, Section]:
    """Sections of builds that took so long from cached records, by size; from nothing they take three times as long."""
    warm = {f"{size} records": [run(wall, rows=size)] for size, wall in seconds.items()}
    cold = {f"{size} cold": [run(3 * wall, rows=size)] for size, wall in seconds.items()}
    return {"cold": Section("a machine", cold), "builds": Section("a machine", warm)}


def test_a_slow_build_does_not_hold_what_a_quick_one_does() -> None:
    quick, slow = (bars(builds({1_100_000: wall}))[0] for wall in (59.0, 61.0))

    assert quick[3]
    assert not slow[3]


def test_a_ratio_is_the_median_over_runs_that_followed_each_other() -> None:
    one, two = [run(20), run(30), run(90)], [run(10), run(10), run(10)]
    runs = {
        f"500 {cached} {n}": of for cached in ("none", "records") for n, of in ((1, one), (2, two))
    }

    lines = bars({"workers": Section("a machine", runs)})

    assert [line[2] for line in lines] == ["3.00x", "3.00x"]


def test_the_cost_of_a_row_is_the_slope_between_sizes() -> None:
    # 2 s of both processors for the start, and 20 microseconds a row.
    page = scale.page(builds({10_000: 1.1, 1_010_000: 11.1}))

    assert "20 µs a row to find candidates" in page
    assert "2.0 s of start-up" in page


def test_what_was_not_measured_is_not_on_the_page() -> None:
    assert "Not measured yet" in scale.page({})
    assert "## Beside BigBIO's loaders" not in report.page({})


def test_invented_data_is_the_same_each_time(tmp_path: Path) -> None:
    worlds = [write_world(tmp_path / name, 200) for name in ("a", "b")]

    texts = [
        {
            path.relative_to(world): path.read_bytes()
            for path in sorted(world.rglob("*"))
            if path.is_file()
        }
        for world in worlds
    ]

    assert {path.parts[1] for path in texts[0] if path.parts[0] == "data"} == set(SHARES)
    assert texts[0] == texts[1]
