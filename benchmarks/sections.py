"""What is measured, section by section: one round of each, every job once and in turn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks import bigbio, peer
from benchmarks.data import SHARES, write_world
from benchmarks.measure import Run, measured, run
from benchmarks.released import WRITERS, write_released

Runs = dict[str, list[Run]]

# A command as its script runs it, but silent.
_QUIET = """
import contextlib, io, sys
from taiyi_corpus.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
    main()
print("{}")
"""


class Given(Struct, frozen=True):
    """What a run of the benchmarks is given."""

    work: Path
    sizes: list[int]
    bigbio: tuple[Path, str] | None = None  # a clone, and the interpreter of its environment
    peers: str | None = None  # the interpreter of an environment with datatrove and datasketch


class Section(Struct):
    """What a section measured: by what was measured, its runs; the nth of each followed each other."""

    machine: str
    runs: Runs
    loads: list[float] = []  # of the machine, when each sitting began


def cold(given: Given) -> Runs:
    """Whole builds of each size from nothing."""
    worlds = {size: write_world(given.work / f"all-{size}", size) for size in given.sizes}
    return _round({f"{size} cold": _build(world, 2, "none") for size, world in worlds.items()})


def builds(given: Given) -> Runs:
    """Whole builds of each size from cached records."""
    return _round({f"{size} records": _build(_built(given, size), 2, "records") for size in given.sizes})  # fmt: skip


def again(given: Given) -> Runs:
    """Whole builds of each size from all that is cached."""
    return _round({f"{size} all": _build(_built(given, size), 2, "all") for size in given.sizes})


def workers(given: Given) -> Runs:
    """One worker beside two: a build from nothing, and one from cached records."""
    size = _middle(given)
    world = write_world(given.work / f"all-{size}", size)
    return _round({
        f"{size} {cached} {count}": _build(world, count, cached)
        for cached in ("none", "records")
        for count in (1, 2)
    })  # fmt: skip


def normalise(given: Given) -> Runs:
    """Each dataset of the invented world into an empty cache, in one process."""
    world = write_world(given.work / f"all-{given.sizes[0]}", given.sizes[0])
    return _round(
        {name: _job("normalise", world / "registry", world / "data", name) for name in SHARES}
    )


def limits(given: Given) -> Runs:
    """What the machine can do at most, and writing Parquet beside pyarrow's own."""
    world = _built(given, given.sizes[0])
    return _round({"limits": _job("limits", world), "write": _job("write", world)})


def datasets(given: Given) -> Runs:
    """The pipeline of `datasets` beside a build of the same records; the peer with one process and with two."""
    world = _built(given, _middle(given))
    peer.write_records(world)
    return _round({
        "peer 1": _job("peer", world, 1), "peer 2": _job("peer", world, 2), "ours": _build(world, 2, "records"),
    })  # fmt: skip


def pipeline(given: Given) -> Runs:
    """The same with curating on both sides: near duplicates taken out by datatrove or datasketch."""
    if given.peers is None:
        return {}
    size = _middle(given)
    world = write_world(given.work / f"copies-{size}", size, copies=0.1)
    if not (world / "out").exists():
        run("build", world, 2, "none")
    peer.write_records(world)
    command = [given.peers, "-m", "benchmarks.jobs", "composed", str(world)]
    peers = {
        f"{size} {tool}": partial(measured, [*command, tool])
        for tool in ("datasketch", "datatrove")
    }
    return _round({f"{size} ours": _build(world, 2, "uncurated"), **peers})


def loaders(given: Given) -> Runs:
    """BigBIO's loaders beside ours with one process and with two workers, on the same files."""
    if given.bigbio is None:
        return {}
    clone, python = given.bigbio
    folder = given.work / "released"
    jobs: dict[str, Callable[[], Run]] = {}
    for name in WRITERS:
        write_released(name, folder)
        jobs[f"{name} theirs"] = partial(bigbio.load, clone, python, name, folder)
        for workers in (1, 2):
            jobs[f"{name} ours {workers}"] = _job("normalise", "", folder, name, workers)
    return _round(jobs)


def near_duplicates(given: Given) -> Runs:
    """Near duplicates beside datasketch and datatrove, each tool in a process of its own."""
    if given.peers is None:
        return {}
    pythons = {"ours": sys.executable, "datasketch": given.peers, "datatrove": given.peers}
    return _round({
        tool: partial(measured, [python, "-m", "benchmarks.curate", "--tool", tool, "--records", "20000"])
        for tool, python in pythons.items()
    })  # fmt: skip


def start(given: Given) -> Runs:
    """How long commands take that read no data."""
    return _round({
        command: partial(measured, [sys.executable, "-c", _QUIET, command]) for command in ("--help", "list")
    })  # fmt: skip


def _round(jobs: Mapping[str, Callable[[], Run]]) -> Runs:
    """Run jobs in turn, so that over several rounds whatever else the machine does hits all of them."""
    return {name: [job()] for name, job in jobs.items()}


def refuse_different(runs: Runs) -> None:
    """Stop if builds of one size have different bytes."""
    shards: dict[str, set[str]] = {}
    for name, of in runs.items():
        shards.setdefault(name.split()[0], set()).update(
            one.said["shards"] for one in of if "shards" in one.said
        )
    if different := [size for size, found in shards.items() if len(found) > 1]:
        raise SystemExit(f"{', '.join(different)} records: wanted the same bytes each time")


def _middle(given: Given) -> int:
    return given.sizes[len(given.sizes) // 2]


def _built(given: Given, size: int) -> Path:
    world = write_world(given.work / f"all-{size}", size)
    if not (world / "out").exists():
        run("build", world, 2, "none")
    return world


def _build(world: Path, count: int, cached: str) -> Callable[[], Run]:
    return _job("build", world, count, cached)


def _job(name: str, *args: Any) -> Callable[[], Run]:
    return partial(run, name, *args)


SECTIONS: dict[str, Callable[[Given], Runs]] = {
    "cold": cold, "builds": builds, "again": again, "workers": workers, "datasets": datasets, "pipeline": pipeline, "normalise": normalise,
    "limits": limits, "loaders": loaders, "near_duplicates": near_duplicates, "start": start,
}  # fmt: skip
