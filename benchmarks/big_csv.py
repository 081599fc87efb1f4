"""Build a corpus from one large invented CSV file and report time and peak memory.

    python -m benchmarks.big_csv --rows 2000000 --workers 1

Prints one JSON line: rows, seconds, rows a second, peak resident memory of the largest process in MiB.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Group, Recipe
from taiyi_corpus.spec.registry import load_registry

_SPEC = """\
id: big
name: Big
language: zh
tasks: [qa_sqa]
about: Invented questions and answers, as many as wanted.
homepage: https://example.org/big
citation: {text: none}
license: {name: CC0-1.0, says: this file, redistributable: true}
access: open
source: {manual: made by the benchmark}
reader: {format: csv}
splits:
  train: {sources: [{files: [big.csv]}]}
map:
  question: {join: [title, ask], with: "\\n"}
  answers: {text: answer}
"""


def write_csv(path: Path, rows: int) -> None:
    """Write an invented consultation table of `rows` rows, about 400 bytes each."""
    with path.open("w", encoding="utf-8") as file:
        file.write("department,title,ask,answer\n")
        for n in range(rows):
            ask = f"最近{n % 30 + 1}天总觉得胃部胀痛，饭后更明显，编号{n}，请问需要做什么检查？" * 2
            answer = (
                f"根据您的描述，考虑功能性消化不良，建议第{n % 7 + 1}天复查，清淡饮食，必要时做胃镜。"
                * 3
            )
            file.write(f"消化科,胃胀怎么办{n},{ask},{answer}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    recipe = Recipe(name="big", about="all there is", stage=1, groups=[Group(name="all")])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "registry").mkdir()
        (folder / "registry" / "big.yaml").write_text(_SPEC, encoding="utf-8")
        (folder / "data" / "big").mkdir(parents=True)
        write_csv(folder / "data" / "big" / "big.csv", args.rows)
        registry = load_registry([folder / "registry"])
        start = time.perf_counter()
        built = build(registry, recipe, folder / "data", folder / "out", workers=args.workers)
        seconds = time.perf_counter() - start
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    result = {
        "rows": built.manifest.rows,
        "workers": args.workers,
        "seconds": round(seconds, 1),
        "rows_a_second": round(built.manifest.rows / seconds),
        "peak_mib": round(peak / 1024),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
