"""BigBIO's own loaders on the invented files, in an environment of their own.

A loader of BigBIO is a script that downloads its data. Here its parsing functions are called on generated files: those
of `bigbio.utils.parsing` for brat, and of `bioc` for BioC XML, as its loaders call them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Run, median

_SCRIPT = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
world, dataset = sys.argv[2], sys.argv[3]
from pathlib import Path
rows = 0
if dataset == "brat":
    import tempfile, zipfile
    from bigbio.utils.parsing import brat_parse_to_bigbio_kb, parse_brat_file
    folder = Path(tempfile.mkdtemp())
    zipfile.ZipFile(Path(world) / "data/brat/all.zip").extractall(folder)
    start = time.process_time()
    for path in sorted(folder.glob("*.txt")):
        brat_parse_to_bigbio_kb(parse_brat_file(path))
        rows += 1
elif dataset == "bioc":
    import bioc.biocxml
    start = time.process_time()
    with open(Path(world) / "data/bioc/all.xml", encoding="utf-8") as file:
        rows = len(bioc.biocxml.load(file).documents)
else:
    from bioc import pubtator
    start = time.process_time()
    with open(Path(world) / "data/pubtator/all.txt", encoding="utf-8") as file:
        rows = sum(1 for _ in pubtator.load(file))
print(json.dumps({"rows": rows, "cpu": time.process_time() - start}))
"""


def compare(
    clone: Path, python: str, world: Path, datasets: Sequence[str], ours: dict[str, list[Run]]
) -> dict[str, tuple[float, float]]:
    """Return dataset -> records a second of BigBIO's parsing and of ours, by processor time."""
    found: dict[str, tuple[float, float]] = {}
    for dataset in datasets:
        rates = []
        for _ in range(len(ours[dataset])):
            out = subprocess.run(
                [python, "-c", _SCRIPT, str(clone), str(world), dataset],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            said: dict[str, Any] = json.loads(out.splitlines()[-1])
            rates.append(said["rows"] / said["cpu"])
        rates.sort()
        mine = median(ours[dataset], lambda run: run.said["rows"] / run.said["cpu"])
        found[dataset] = (rates[len(rates) // 2], mine)
    return found
