"""Near duplicates: records a second and recall beside datatrove and datasketch, on the same made-up records.

    python -m benchmarks.curate                          ours
    python -m benchmarks.curate --peers PEERS/bin/python ours, then the peers installed for that interpreter
    python -m benchmarks.curate --million                1,000,000 short records: seconds and peak memory
    python -m benchmarks.curate --scale 5000000          what a build holds of so many records: bytes a record

The peers are no dependency of this project: see `peer_near`. All use word 5-grams; datatrove and datasketch 14 bands of
8. Every tool is one process; records a second are of its processor time, so that whatever else runs on the machine does
not count.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import peer_near

WORDS, COPIES = 42, 0.2  # words of a record; share of records that are an edited copy of another


def made(count: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Return records of some 277 characters, and the pairs of a record with its copy: one to three words edited."""
    draw = random.Random(count)
    syllables = ["".join(pair) for pair in itertools.product("bcdfglmnprst", "aeiou")]
    vocabulary = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(30_000)]
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    texts: list[str] = []
    pairs: list[tuple[int, int]] = []
    for number in range(count):
        if number > 10 and draw.random() < COPIES:
            source = draw.randrange(len(texts))
            words = texts[source].split(" ")
            for _ in range(draw.randint(1, 3)):
                words[draw.randrange(len(words))] = draw.choice(vocabulary)
            pairs.append((source, number))
        else:
            words = draw.choices(vocabulary, cum_weights=weights, k=WORDS + draw.randint(-8, 8))
        texts.append(" ".join(words))
    return texts, pairs


def likeness(a: str, b: str) -> float:
    """Return the Jaccard similarity of the word 5-grams of two texts."""
    one, other = ({tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in (a.split(), b.split()))
    return len(one & other) / len(one | other)


def ours(texts: list[str], threshold: float) -> set[int]:
    import numpy as np

    from taiyi_corpus.curate.near import exact_duplicates, near_duplicates
    from taiyi_corpus.curate.sketch import SLOTS, sketches

    wholes = np.empty(len(texts), np.uint64)
    found = np.empty((len(texts), SLOTS), np.uint16)
    for start in range(0, len(texts), 20_000):  # a part at a time, as in a build
        piece = slice(start, start + 20_000)
        wholes[piece], found[piece] = sketches(texts[piece], 5, 20)
    rank = np.arange(len(texts))
    equal = exact_duplicates(wholes, rank)
    spaces = np.where(equal < 0, np.uint64(1), np.uint64(0))
    near = near_duplicates(found, spaces, rank, threshold)
    return set(np.flatnonzero((equal >= 0) | (near >= 0)).tolist())


def datasketch(texts: list[str], threshold: float) -> set[int]:
    find = peer_near.lookup()
    sketched = peer_near.sketches(texts, chinese=False)
    return {number for number, sketch in enumerate(sketched) if find(sketch)}


def datatrove(texts: list[str], threshold: float) -> set[int]:
    with tempfile.TemporaryDirectory() as folder:
        given, left = Path(folder) / "given", Path(folder) / "left"
        given.mkdir()
        lines = (json.dumps({"text": t, "number": n}) + "\n" for n, t in enumerate(texts))
        (given / "a.jsonl").write_text("".join(lines), encoding="utf-8")
        peer_near.datatrove(given, left, chinese=False, workers=1)
        with (left / "a.jsonl").open(encoding="utf-8") as file:
            return set(range(len(texts))) - {json.loads(line)["number"] for line in file}


TOOLS: dict[str, Callable[[list[str], float], set[int]]] = {
    "ours": ours,
    "datasketch": datasketch,
    "datatrove": datatrove,
}


def measure(tool: str, count: int, threshold: float) -> dict[str, float]:
    texts, pairs = made(count)
    started, before = time.perf_counter(), sum(os.times()[:4])
    gone = TOOLS[tool](texts, threshold)
    seconds, busy = time.perf_counter() - started, sum(os.times()[:4]) - before
    like = [(likeness(texts[a], texts[b]) >= 0.8, a in gone or b in gone) for a, b in pairs]
    copies = {number for _, number in pairs} | {number for number, _ in pairs}
    return {
        "records": count,
        "seconds": round(seconds, 2),
        "of processor": round(busy, 2),
        "records a second": round(count / busy),
        "recall at J >= 0.8": round(
            sum(hit for near, hit in like if near) / sum(near for near, _ in like), 4
        ),
        "recall below": round(
            sum(hit for near, hit in like if not near) / sum(not near for near, _ in like), 4
        ),
        "removed": len(gone),
        "wrongly removed": len(gone - copies),
        "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def scale(count: int) -> dict[str, float]:
    """Compare the hashes and sketches of so many records, parts of 20,000 of five datasets, as a build does."""
    import numpy as np

    from taiyi_corpus.curate.curated import Arrays, Batch, Curated, keep
    from taiyi_corpus.curate.duplicates import drop_repeats
    from taiyi_corpus.engine.local import Pool
    from taiyi_corpus.normalise.store import Part
    from taiyi_corpus.spec.curation import Curation

    draw, each = np.random.default_rng(0), 20_000
    hashes = ("ids", "units", "crossed", "texts", "documents", "labels")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    folder = tempfile.TemporaryDirectory()
    batches = []
    for number in range(count // each):
        drawn = {name: draw.integers(1, 2**63, each, dtype=np.uint64) for name in hashes}
        arrays = Arrays(
            **drawn, spaces=np.ones(each, np.uint64), keys=np.empty(0, np.uint64), links=np.empty((0, 2), np.uint64),
            sketches=draw.integers(0, 65_536, (each, 128), dtype=np.uint16), scores=np.ones((each, 7), np.float32),
        )  # fmt: skip
        part = Part("", "train", each)
        curated = Curated(part, np.ones(each, np.bool_), arrays, drops=[], repairs=[], leaks={})
        kept = keep(Path(folder.name) / str(number), curated, part)
        batches.append(Batch(f"set{number % 5}", kept))
    started = time.process_time()
    ranks = {f"set{number}": number for number in range(5)}
    near = Curation.model_validate({"duplicates": {"near": 0.45}})
    drop_repeats(batches, ranks, near, Pool(1).run)
    busy = time.process_time() - started
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "records": count,
        "of processor": round(busy, 2),
        "peak bytes a record": round(held * 1024 / count),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument(
        "--threshold", type=float, default=0.45, help="of ours; the peers compare bands only"
    )
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--scale", type=int, metavar="N")
    parser.add_argument(
        "--peers", metavar="PYTHON", help="interpreter of an environment with the peers"
    )
    parser.add_argument("--tool", choices=TOOLS, default="ours", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scale:
        print(json.dumps(scale(given.scale)), flush=True)
        return
    count = 1_000_000 if given.million else given.records
    result = measure(given.tool, count, given.threshold)
    print(json.dumps({"tool": given.tool, **result}), flush=True)
    for peer in ("datasketch", "datatrove") if given.peers else ():
        command = [given.peers, "-m", "benchmarks.curate", "--records", str(count), "--tool", peer]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{peer}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        line = json.loads(done.stdout.splitlines()[-1])
        ratio = result["records a second"] / line["records a second"]
        print(json.dumps({**line, "ours is faster by": round(ratio, 1)}), flush=True)


if __name__ == "__main__":
    main()
