"""The jobs that are measured, each in a process of its own: python -m benchmarks.jobs JOB ARGS; prints JSON."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.peer import composed, peer

Said = dict[str, Any]


def normalise(registry: str, data: str, dataset: str, workers: str = "1") -> Said:
    """Normalise one dataset of a registry ("": that of the package) into an empty cache, as a build does."""
    import pyarrow as pa

    from taiyi_corpus import paths
    from taiyi_corpus.engine.local import Pool
    from taiyi_corpus.normalise.store import Job
    from taiyi_corpus.pipeline.normalised import normalise_all
    from taiyi_corpus.sources.locate import locate
    from taiyi_corpus.spec.registry import load_registry

    pa.array(["x"])  # libraries load before the clock starts, as those of the peers do
    folder = Path(data) / dataset
    spec = load_registry([Path(registry)] if registry else paths.registry_dirs(), [dataset])[
        dataset
    ]
    with tempfile.TemporaryDirectory(dir=data) as cache, Pool(int(workers)) as pool:
        list(pool.run(_awake, range(2 * int(workers))))  # workers start before it, too
        wall, cpu = time.perf_counter(), time.process_time()
        (stored,) = normalise_all(
            [Job(locate(spec, folder), "raw", cache)], pool.run, lambda *_: None
        )
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rows = sum(part.rows for part in stored.parts)
    return {"rows": rows, "wall": wall, "cpu": cpu, "bytes": _size(folder)}


def _awake(_: int) -> None:
    """Load what normalising needs, and stay for a while, so that each worker gets one of these."""
    import pyarrow as pa

    import taiyi_corpus.pipeline.normalised  # noqa: F401

    pa.array(["x"])
    time.sleep(0.5)


def build(world: str, workers: str, cached: str) -> Said:
    """Build all there is. `cached`: none, records not curated yet (as the recipe stage2 does it), records, all."""
    folder = Path(world)
    cache = folder / "cache"
    os.environ["TAIYI_CORPUS_CACHE"] = str(cache)
    from benchmarks.measure import Stages
    from taiyi_corpus.pipeline.build import build as built
    from taiyi_corpus.spec.curation import Curation
    from taiyi_corpus.spec.recipe import Group, Recipe
    from taiyi_corpus.spec.registry import load_registry

    gone = {
        "none": ["records", "curated", "candidates", "sources"],
        "uncurated": ["curated", "protected", "candidates"],
        "records": ["candidates"],
        "all": [],
    }
    for kind in gone[cached]:
        shutil.rmtree(cache / kind, ignore_errors=True)
    stages, shuffled = Stages(), 0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal shuffled
        stages(what, done, total)
        if what == "write" and not done:  # rows that wait for the global shuffle
            shuffled = sum(map(_size, folder.rglob(".spills")))

    curation = _as_stage2(folder) if cached == "uncurated" else Curation()
    recipe = Recipe(
        name="big", about="all there is", stage=2, groups=[Group(name="all")], curate=curation
    )
    wall = time.perf_counter()
    before = time.process_time()
    made = built(
        load_registry([folder / "registry"]), recipe, folder / "data", folder / "out", workers=int(workers),
        progress=progress,
    )  # fmt: skip
    wall = time.perf_counter() - wall
    shards = "".join(shard.sha256 for shard in made.manifest.shards)
    size = sum(shard.bytes for shard in made.manifest.shards)
    kept = {kind.name: _size(kind) for kind in cache.iterdir()}
    dropped = _dropped(folder / "out" / "ledger.parquet")
    return {
        "rows": made.manifest.rows, "wall": wall, "stages": stages.wall, "busy": stages.cpu, "dropped": dropped,
        "raw": _size(folder / "data"), "kept": kept, "shuffled": shuffled, "bytes": size,
        "parent": time.process_time() - before, "shards": hashlib.sha256(shards.encode()).hexdigest(),
    }  # fmt: skip


def _as_stage2(folder: Path) -> Any:
    """Return how the recipe `stage2` curates, and some texts of a dataset to protect besides."""
    from taiyi_corpus import paths
    from taiyi_corpus.spec.recipe import find_recipe

    held = folder / "held.jsonl"
    if not held.exists():
        with (folder / "data" / "questions_en" / "all.jsonl").open(encoding="utf-8") as file:
            held.write_text("".join(itertools.islice(file, 200)), encoding="utf-8")
    curation = find_recipe("stage2", paths.registry_dirs()).curate
    protect = curation.protect.model_copy(update={"also": [str(held)]})
    return curation.model_copy(update={"protect": protect})


def _dropped(ledger: Path) -> dict[str, int]:
    """Return how many records curating dropped, by reason."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(ledger) as file:  # `read_table` would import pandas, on the clock
        drops = file.read(columns=["stage", "unit", "reason"])
    of_records = pc.and_(pc.equal(drops["stage"], "curate"), pc.equal(drops["unit"], "record"))
    counts = drops.filter(of_records)["reason"].value_counts().to_pylist()
    return {one["values"]: one["counts"] for one in counts}


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def write(world: str) -> Said:
    """Write a shard of a build again: this package from spilled rows, and pyarrow from the table in memory."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from taiyi_corpus.export.rendered import BATCH
    from taiyi_corpus.export.shards import ShardJob, write_shard
    from taiyi_corpus.export.spill_file import SPILL_SCHEMA, write_spill

    table = pq.read_table(
        sorted((Path(world) / "out" / "data").glob("*.parquet"))[0]
    ).combine_chunks()
    with tempfile.TemporaryDirectory(dir=world) as name:
        spills = []
        for part in range(4):  # rows of a shard come from many parts, in any order
            rows = np.arange(part, table.num_rows, 4)
            keys = rows.astype(np.uint64)
            spilled = (
                table.take(pa.array(rows)).append_column("key", pa.array(keys)).cast(SPILL_SCHEMA)
            )
            pieces = (spilled.slice(at, BATCH) for at in range(0, len(rows), BATCH))
            path = Path(name) / f"{part}.arrow"
            write_spill(path, keys, [], pieces)
            spills.append(str(path))
        ours = theirs = 0.0
        for _ in range(2):  # the first time, libraries start up
            start = time.process_time()
            write_shard(ShardJob(spills, 0, name, "data/x.parquet"))
            middle = time.process_time()
            pq.write_table(
                table,
                Path(name) / "y.parquet",
                compression="zstd",
                compression_level=3,
                row_group_size=2_000,
            )
            ours, theirs = middle - start, time.process_time() - middle
    return {"rows": table.num_rows, "ours": ours, "pyarrow": theirs, "memory": table.nbytes}


def limits(world: str) -> Said:
    """Read bytes, hash bytes, decode JSON lines: what no reader can beat on this machine."""
    import msgspec

    path = Path(world) / "data" / "questions_en" / "all.jsonl"
    data = path.read_bytes()
    found: Said = {"bytes": len(data)}

    def timed(name: str, function: Callable[[], object]) -> None:
        start = time.process_time()
        function()
        found[name] = time.process_time() - start

    timed("read", path.read_bytes)
    timed("sha256", lambda: hashlib.sha256(data).digest())
    lines = data.splitlines()
    decode = msgspec.json.Decoder().decode
    timed("json", lambda: [decode(line) for line in lines])
    timed("json stdlib", lambda: [json.loads(line) for line in lines])
    found["rows"] = len(lines)
    return found


JOBS: dict[str, Callable[..., Said]] = {
    "normalise": normalise, "build": build, "write": write, "limits": limits, "peer": peer,
    "composed": composed,
}  # fmt: skip

if __name__ == "__main__":
    said = JOBS[sys.argv[1]](*sys.argv[2:])
    peaks = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps(said | {"peak": max(peaks) / 1024}))
