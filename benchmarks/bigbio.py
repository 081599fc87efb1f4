"""BigBIO's own loaders beside ours, on the same invented files: to Arrow on disk in its schema, to Parquet in ours.

Its loaders are scripts, which `datasets` runs up to version 2: they need an environment of their own (`python -m venv
PEER`, then `pip install "datasets==2.21.0" bioc pandas`). Where they download, they are handed the invented files.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Run

# dataset -> its format, the configuration of BigBIO's loader, and what that downloads, below the dataset's folder
LOADERS: dict[str, tuple[str, str, list[str]]] = {
    "medmentions": ("PubTator", "medmentions_st21pv_bigbio_kb", [
        "st21pv/data/corpus_pubtator.txt",
        *(f"full/data/corpus_pubtator_pmids_{split}.txt" for split in ("trng", "dev", "test")),
    ]),
    "bc5cdr": ("BioC", "bc5cdr_bigbio_kb", ["."]),
    "chia": ("brat", "chia_bigbio_kb", ["../chia_unpacked/chia_with_scope"]),
    "geokhoj_v1": ("CSV", "geokhoj_v1_bigbio_text", ["."]),
    "med_qa": ("JSON lines", "med_qa_en_bigbio_qa", ["."]),
}  # fmt: skip
# Run by the interpreter of the peer's environment: script, configuration, cache, files.
_SCRIPT = """
import json, resource, sys, time
import datasets
script, config, cache, *files = sys.argv[1:]
given = files if len(files) > 1 else files[0]
datasets.DownloadManager.download_and_extract = lambda self, urls: given
builder = datasets.load_dataset_builder(script, name=config, cache_dir=cache, trust_remote_code=True)
wall, cpu = time.perf_counter(), time.process_time()
builder.download_and_prepare(verification_mode="no_checks")
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
rows = builder.info.splits["train"].num_examples
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu, "peak": peak}))
"""


def loaded(run: Run) -> float:
    """Return records a second, by wall time from the first byte read to the last one written."""
    return float(run.said["rows"] / run.said["wall"])


def load(clone: Path, python: str, dataset: str, folder: Path) -> Run:
    """Load a dataset with BigBIO's loader, into an empty cache."""
    _, config, files = LOADERS[dataset]
    script = clone / "bigbio" / "hub" / "hub_repos" / dataset / f"{dataset}.py"
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        command = [
            python,
            "-c",
            _SCRIPT,
            str(script),
            config,
            cache,
            *(str(folder / dataset / file) for file in files),
        ]
        quiet = {
            **os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
            "HF_MODULES_CACHE": f"{cache}/modules",
        }  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
    if done.returncode:
        raise SystemExit(f"BigBIO's loader of {dataset} failed:\n{done.stderr}")
    said = json.loads(done.stdout.splitlines()[-1])
    return Run(time.perf_counter() - start, said["cpu"], said["peak"], said)
