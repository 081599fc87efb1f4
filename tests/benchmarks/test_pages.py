"""The pages of the benchmarks say what was measured, and whether what must hold holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import report, scale
from benchmarks.__main__ import measure, read
from benchmarks.bars import bars
from benchmarks.data import SHARES, write_world
from benchmarks.measure import Run
from benchmarks.peer_near import said
from benchmarks.sections import SECTIONS, Given, Section, refuse_different


def run(wall: float, *, rows: int = 1_000, together: float = 500.0, **said: Any) -> Run:
    stages = dict.fromkeys(("normalise", "curate", "candidates", "render", "write"), wall / 5)
    told = {"rows": rows, "wall": wall, "cpu": wall, "parent": wall / 100, "stages": stages, "busy": stages,
            "raw": rows * 800, "shuffled": rows * 500, "bytes": rows * 300, "kept": {}}  # fmt: skip
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

    assert "20.0 µs a row to find candidates" in page
    assert "2.0 s of start-up" in page


def test_the_cost_of_a_stage_is_its_processor_time_and_what_it_reads_and_writes() -> None:
    page = scale.page(builds({10_000: 1.1, 1_010_000: 11.1}))

    # A stage is a fifth of the build: 2 s more of a million more rows.
    assert "| render | 45,455 | 454,955 | 500,000 | 2.0 |" in page
    assert "| render | 0 | 500 |" in page
    assert "0.6 GB for 1,100,000, 15.0 GB for 30,000,000, 500.0 GB for 1,000,000,000" in page


def test_more_cores_shorten_all_but_the_work_of_the_main_process() -> None:
    page = scale.page(builds({10_000: 1.1, 1_010_000: 11.1}))

    # From cached records 20 µs a row and 0.1 alone; 2 s of start-up.
    assert "| 30,000,000 | from cached records | 10 min | 42 s | 7 s |" in page


def test_memory_is_what_grows_between_the_two_largest_sizes() -> None:
    sections = builds({10_000: 1.1, 1_010_000: 11.1, 5_010_000: 51.1})
    held = {10_000: 300.0, 1_010_000: 1_000.0, 5_010_000: 1_400.0}
    sections["cold"].runs = {
        f"{size} cold": [run(1, rows=size, together=together)] for size, together in held.items()
    }

    assert "grows by 105 bytes a row" in scale.page(sections)


def test_a_pipeline_that_curates_is_compared_with_each_of_its_peers() -> None:
    ours = [run(10, dropped={"near_duplicate": 100}), run(20, dropped={"near_duplicate": 100})]
    peers = {
        f"1000 {tool}": [run(wall * times, near=5.0, records=900) for wall in (10, 20)]
        for tool, times in (("datatrove", 9), ("datasketch", 2))
    }
    section = {"pipeline": Section("a machine", {"1000 ours": ours, **peers}, [0.5, 0.25])}

    assert [(line[2], line[3]) for line in bars(section)] == [("9.0x", True), ("2.0x", None)]
    page = report.page(section)
    assert "a machine; load average when it began 0.5, 0.2." in page
    assert "This package dropped 100 `near_duplicate`." in page
    assert "beside datasketch, then `datasets` | no bar | 2.0x |  |" in page


def test_sittings_add_up_and_one_that_is_stopped_keeps_its_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, given = tmp_path / "start.json", Given(tmp_path, [10])
    walls = iter([1.0, 2.0, 3.0])
    monkeypatch.setitem(SECTIONS, "start", lambda given: {"list": [run(next(walls))]})

    measure("start", given, rounds=1, add=False, path=path)
    with pytest.raises(StopIteration):
        measure("start", given, rounds=3, add=True, path=path)

    kept = read(path)
    assert [one.wall for one in kept.runs["list"]] == [1.0, 2.0, 3.0]
    assert len(kept.loads) == 2


def test_builds_of_other_sizes_stay_and_those_measured_again_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, given = tmp_path / "cold.json", Given(tmp_path, [10])
    for name, wall in (("10 cold", 1.0), ("20 cold", 2.0), ("10 cold", 3.0)):
        monkeypatch.setitem(SECTIONS, "cold", lambda given, n=name, w=wall: {n: [run(w)]})
        measure("cold", given, rounds=2, add=False, path=path)

    walls = {name: [one.wall for one in of] for name, of in read(path).runs.items()}
    assert walls == {"10 cold": [3.0, 3.0], "20 cold": [2.0, 2.0]}


def test_builds_of_one_size_with_different_bytes_are_refused() -> None:
    runs = {"10 records": [run(1, shards="a")], "10 all": [run(1, shards="b")]}

    with pytest.raises(SystemExit, match="10 records: wanted the same bytes"):
        refuse_different(runs)


def test_peers_compare_a_question_with_its_answer_and_all_turns_of_a_dialogue() -> None:
    assert said({"question": "Why?", "answer": "So."}) == "Why?\nSo."
    assert said({"turns": [{"content": "a"}, {"content": "b"}]}) == "a\nb"


def test_what_was_not_measured_is_not_on_the_page() -> None:
    assert "Not measured yet" in scale.page({})
    assert "## Beside BigBIO's loaders" not in report.page({})


def test_copies_are_as_many_as_asked_for(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", 1_000, ("classes",), copies=0.3)

    lines = (world / "data" / "classes" / "all.tsv").read_text().splitlines()[1:]
    texts = [line.split("\t")[1] for line in lines]
    assert 200 <= len(texts) - len(set(texts)) <= 400


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
