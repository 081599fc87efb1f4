"""Measure every stage and whole builds beside physical limits and peers, and write docs/performance.md.

    python -m benchmarks                         10,000 and 100,000 records, medians of 5
    python -m benchmarks --sizes 10000 1000000 --repeat 3 --work DIR
    python -m benchmarks --bigbio DIR --bigbio-python PYTHON      beside BigBIO's loaders, from a clone of it

All data is invented and made here. Peers run in the same run, in turn with ours. Times are of the processor where a
line says so: on a machine that does other work, wall time says more of that work than of this package.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import report
from benchmarks.data import DOCUMENTS, SHARES, write_world
from benchmarks.measure import ROOT, Run, interleaved, machine, run

PAIRS = (
    "questions_zh",
    "questions_en",
    "choices",
    "classes",
)  # what the peer pipeline can read as well


def measured(
    work: Path, sizes: list[int], repeat: int, bigbio: tuple[Path, str] | None
) -> report.Results:
    """Run everything."""
    results = report.Results(machine(), repeat)
    for size in sizes:
        world = write_world(work / f"all-{size}", size)
        cold = interleaved(1, _build(world, 1, "none"))[0]
        one, two = interleaved(repeat, _build(world, 1, "records"), _build(world, 2, "records"))
        (again,) = interleaved(repeat, _build(world, 2, "all"))
        shards = {one_run.said["shards"] for runs in (cold, one, two, again) for one_run in runs}
        if len(shards) != 1:
            raise SystemExit(
                f"{size:,} records: {len(shards)} different corpora, wanted the same bytes each time"
            )
        results.builds[size] = {
            "cold, 1 worker": cold,
            "records cached, 1 worker": one,
            "records cached, 2 workers": two,
            "all cached, 2 workers": again,
        }
        print(report.build_line(size, results.builds[size]), flush=True)
    middle = sizes[min(1, len(sizes) - 1)]
    world = work / f"all-{middle}"
    for dataset in SHARES:
        (results.normalise[dataset],) = interleaved(repeat, _job("normalise", world, dataset))
        print(report.normalise_line(dataset, results.normalise[dataset]), flush=True)
    (results.limits,) = interleaved(repeat, _job("limits", world))
    (results.write,) = interleaved(repeat, _job("write", world))
    pairs = write_world(work / f"pairs-{middle}", middle, PAIRS)
    run("build", pairs, 1, "none")
    peer, ours = interleaved(repeat, _job("peer", pairs), _build(pairs, 1, "records"))
    results.peer, results.beside_peer = peer, ours
    print(report.peer_line(peer, ours), flush=True)
    if bigbio is not None:
        from benchmarks.bigbio import compare

        results.bigbio = compare(*bigbio, world, DOCUMENTS, results.normalise)
    return results


def _build(world: Path, workers: int, cached: str) -> Callable[[], Run]:
    return lambda: run("build", world, workers, cached)


def _job(name: str, *args: object) -> Callable[[], Run]:
    return lambda: run(name, *args)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records of a whole build"
    )
    parser.add_argument("--repeat", type=int, default=5, help="runs that a median is of")
    parser.add_argument(
        "--work", type=Path, help="folder for the invented data, kept; else a temporary one"
    )
    parser.add_argument(
        "--bigbio", type=Path, help="a clone of BigBIO; without one no ratio to it is claimed"
    )
    parser.add_argument(
        "--bigbio-python", default="python3", help="an interpreter that has what BigBIO needs"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "docs" / "performance.md", help="page to write"
    )
    args = parser.parse_args()
    bigbio = (args.bigbio, args.bigbio_python) if args.bigbio else None
    with tempfile.TemporaryDirectory() as name:
        results = measured(args.work or Path(name), sorted(args.sizes), args.repeat, bigbio)
    args.out.write_text(report.page(results), encoding="utf-8")
    print(f"written: {args.out}")


if __name__ == "__main__":
    main()
