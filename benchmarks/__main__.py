"""Measure every stage and whole builds beside physical limits and peers; write docs/performance.md and docs/scale.md.

    python -m benchmarks                         all sections, 10,000 to 1,100,000 records, medians of 5
    python -m benchmarks --only builds --sizes 500000 5000000 --repeat 3 --work DIR
    python -m benchmarks --only builds --sizes 5000000 --repeat 2 --work DIR --add      two runs more
    python -m benchmarks --bigbio DIR --bigbio-python PYTHON      beside BigBIO's loaders, from a clone of it
    python -m benchmarks --peers PYTHON                           beside datatrove and datasketch
    python -m benchmarks --only --work DIR                        only write the pages again

All data is invented and made here. A section is measured in rounds, in which everything it compares runs in turn; each
round is kept in the work folder, so sections can be run in several sittings, and one that is stopped loses no more than
its last round. The pages are written from all that is there. Times are of the processor where a line says so: on a
machine that does other work, wall time says more of that work than of this package.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import msgspec

from benchmarks import report, scale
from benchmarks.measure import ROOT, machine
from benchmarks.sections import SECTIONS, Given, Section, refuse_different

_SIZES = [10_000, 100_000, 1_100_000]
_BY_SIZE = ("cold", "builds", "again", "workers", "pipeline")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--only", nargs="*", choices=SECTIONS, metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    add("--sizes", type=int, nargs="+", default=_SIZES, help="records of a whole build")
    add("--repeat", type=int, default=5, help="rounds: the runs that a median is of")
    add("--add", action="store_true", help="add to the runs that were measured before")
    add(
        "--work", type=Path, help="folder for invented data and results, kept; else a temporary one"
    )
    add("--bigbio", type=Path, help="a clone of BigBIO; without one no ratio to it is claimed")
    add("--bigbio-python", default="python3", help="an interpreter that has what BigBIO needs")
    add(
        "--peers",
        help="an interpreter that has datatrove and datasketch; without one no ratio to them is claimed",
    )
    add("--out", type=Path, default=ROOT / "docs", help="folder of the pages")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = (args.work or Path(name)).absolute()
        clone = (args.bigbio.absolute(), args.bigbio_python) if args.bigbio else None
        given = Given(work, sorted(args.sizes), clone, args.peers)
        kept = work / "results"
        kept.mkdir(parents=True, exist_ok=True)
        for section in SECTIONS if args.only is None else args.only:
            measure(section, given, args.repeat, args.add, kept / f"{section}.json")
        results = {path.stem: read(path) for path in sorted(kept.glob("*.json"))}
    (args.out / "performance.md").write_text(report.page(results), encoding="utf-8")
    (args.out / "scale.md").write_text(scale.page(results), encoding="utf-8")


def measure(name: str, given: Given, rounds: int, add: bool, path: Path) -> None:
    """Measure a section; builds of other sizes that were measured before stay, whatever `add`."""
    before = read(path) if path.exists() else Section(machine(), {})
    kept = before.runs if add or name in _BY_SIZE else {}
    loads = [*(before.loads if kept else []), os.getloadavg()[0]]
    for number in range(rounds):
        for what, (one,) in SECTIONS[name](given).items():
            kept[what] = [*(kept.get(what, []) if add or number else []), one]
            print(name, what, f"{one.wall:.1f} s ({one.cpu:.1f} cpu)", flush=True)
        refuse_different(kept)
        if kept:
            path.write_bytes(msgspec.json.encode(Section(machine(), kept, loads)))


def read(path: Path) -> Section:
    """Return what was kept of a section."""
    return msgspec.json.decode(path.read_bytes(), type=Section)


if __name__ == "__main__":
    main()
