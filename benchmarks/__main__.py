"""Measure every stage and whole builds beside physical limits and peers; write docs/performance.md and docs/scale.md.

    python -m benchmarks                         all sections, 10,000 to 1,100,000 records, medians of 5
    python -m benchmarks --only builds --sizes 500000 5000000 --repeat 3 --work DIR
    python -m benchmarks --bigbio DIR --bigbio-python PYTHON      beside BigBIO's loaders, from a clone of it

All data is invented and made here. Peers run in the same run, in turn with ours. What each section measured is kept in
the work folder, so sections can be run one by one; the pages are written from all that is there. Times are of the
processor where a line says so: on a machine that does other work, wall time says more of that work than of this package.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import msgspec

from benchmarks import report, scale
from benchmarks.measure import ROOT
from benchmarks.sections import SECTIONS, Given, Section

_SIZES = [10_000, 100_000, 1_100_000]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--only", nargs="+", choices=SECTIONS, metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    add("--sizes", type=int, nargs="+", default=_SIZES, help="records of a whole build")
    add("--repeat", type=int, default=5, help="runs that a median is of")
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
        given = Given(work, sorted(args.sizes), args.repeat, clone, args.peers)
        kept = work / "results"
        kept.mkdir(parents=True, exist_ok=True)
        for section in args.only or SECTIONS:
            found = SECTIONS[section](given)
            _keep(kept / f"{section}.json", found)
            for what, runs in found.runs.items():
                print(
                    section,
                    what,
                    *(f"{one.wall:.1f} s ({one.cpu:.1f} cpu)" for one in runs),
                    flush=True,
                )
        results = {
            path.stem: msgspec.json.decode(path.read_bytes(), type=Section)
            for path in sorted(kept.glob("*.json"))
        }
    (args.out / "performance.md").write_text(report.page(results), encoding="utf-8")
    (args.out / "scale.md").write_text(scale.page(results), encoding="utf-8")


def _keep(path: Path, found: Section) -> None:
    """Keep what was measured; builds of other sizes that were measured before stay."""
    if path.exists() and path.stem in ("cold", "builds"):
        before = msgspec.json.decode(path.read_bytes(), type=Section)
        found = Section(found.machine, before.runs | found.runs)
    path.write_bytes(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
