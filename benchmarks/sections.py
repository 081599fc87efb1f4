"""What is measured, section by section; each gives what its part of the page needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks import bigbio, peer
from benchmarks.data import SHARES, write_world
from benchmarks.measure import Run, interleaved, machine, measured, run
from benchmarks.released import WRITERS, write_released

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
    repeat: int
    bigbio: tuple[Path, str] | None = None  # a clone, and the interpreter of its environment
    peers: str | None = None  # the interpreter of an environment with datatrove and datasketch


class Section(Struct):
    """What a section measured: by what was measured, its runs."""

    machine: str
    runs: dict[str, list[Run]]


def cold(given: Given) -> Section:
    """Whole builds of each size from nothing, once."""
    section = Section(machine(), {})
    for size in given.sizes:
        world = write_world(given.work / f"all-{size}", size)
        (section.runs[f"{size} cold"],) = interleaved(1, _build(world, 2, "none"))
    return section


def builds(given: Given) -> Section:
    """Whole builds of each size: from cached records, from all that is cached."""
    section = Section(machine(), {})
    for size in given.sizes:
        world = _built(given, size)
        (warm,) = interleaved(given.repeat, _build(world, 2, "records"))
        (again,) = interleaved(1, _build(world, 2, "all"))
        section.runs |= {f"{size} records": warm, f"{size} all": again}
        _same(section.runs, str(size))
    return section


def workers(given: Given) -> Section:
    """One worker beside two: a build from nothing, and one from cached records."""
    size = given.sizes[len(given.sizes) // 2]
    world = write_world(given.work / f"all-{size}", size)
    section = Section(machine(), {})
    for cached in ("none", "records"):
        jobs = [_build(world, count, cached) for count in (1, 2)]
        one, two = interleaved(given.repeat, *jobs)
        section.runs |= {f"{size} {cached} 1": one, f"{size} {cached} 2": two}
    _same(section.runs, str(size))
    return section


def _same(runs: dict[str, list[Run]], size: str) -> None:
    shards = {
        one.said["shards"] for name, of in runs.items() if name.startswith(f"{size} ") for one in of
    }
    if len(shards) != 1:
        raise SystemExit(
            f"{size} records: {len(shards)} different corpora, wanted the same bytes each time"
        )


def normalise(given: Given) -> Section:
    """Each dataset of the invented world into an empty cache, in one process."""
    world = write_world(given.work / f"all-{given.sizes[0]}", given.sizes[0])
    runs = {
        name: interleaved(
            given.repeat, _job("normalise", world / "registry", world / "data", name)
        )[0]
        for name in SHARES
    }
    return Section(machine(), runs)


def limits(given: Given) -> Section:
    """What the machine can do at most, and writing Parquet beside pyarrow's own."""
    world = _built(given, given.sizes[0])
    found, written = interleaved(given.repeat, _job("limits", world), _job("write", world))
    return Section(machine(), {"limits": found, "write": written})


def datasets(given: Given) -> Section:
    """The pipeline of `datasets` beside a build of the same records; the peer with one process and with two."""
    size = given.sizes[len(given.sizes) // 2]
    world = _built(given, size)
    peer.write_records(world)
    one, two, ours = interleaved(
        given.repeat, _job("peer", world, 1), _job("peer", world, 2), _build(world, 2, "records")
    )
    return Section(machine(), {"peer 1": one, "peer 2": two, "ours": ours})


def loaders(given: Given) -> Section:
    """BigBIO's loaders beside ours, on the same files."""
    section = Section(machine(), {})
    if given.bigbio is None:
        return section
    clone, python = given.bigbio
    folder = given.work / "released"
    for name in WRITERS:
        write_released(name, folder)
        theirs, ours = interleaved(
            given.repeat,
            partial(bigbio.load, clone, python, name, folder),
            _job("normalise", "", folder, name),
        )
        section.runs |= {f"{name} theirs": theirs, f"{name} ours": ours}
    return section


def near_duplicates(given: Given) -> Section:
    """Near duplicates beside datasketch and datatrove, each tool in a process of its own."""
    section = Section(machine(), {})
    for tool in ("ours", "datasketch", "datatrove") if given.peers else ():
        python = given.peers if given.peers and tool != "ours" else sys.executable
        command = [python, "benchmarks/curate.py", "--tool", tool, "--records", "20000"]
        section.runs[tool] = interleaved(1, partial(measured, command))[0]
    return section


def start(given: Given) -> Section:
    """How long commands take that read no data."""
    runs = {
        command: interleaved(
            given.repeat, partial(measured, [sys.executable, "-c", _QUIET, command])
        )[0]
        for command in ("--help", "list")
    }
    return Section(machine(), runs)


def _built(given: Given, size: int) -> Path:
    world = write_world(given.work / f"all-{size}", size)
    if not (world / "out").exists():
        run("build", world, 2, "none")
    return world


def _build(world: Path, count: int, cached: str) -> Callable[[], Run]:
    return _job("build", world, count, cached)


def _job(name: str, *args: Any) -> Callable[[], Run]:
    return partial(run, name, *args)


SECTIONS: dict[str, Callable[[Given], Section]] = {
    "cold": cold, "builds": builds, "workers": workers, "datasets": datasets, "normalise": normalise, "limits": limits,
    "loaders": loaders, "near_duplicates": near_duplicates, "start": start,
}  # fmt: skip
