"""Build in a process of its own: driver.py REGISTRY DATA OUT WORKERS RECIPE [die]."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from taiyi_corpus.export import shards
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.recipe import Recipe
from taiyi_corpus.spec.registry import load_registry


def die_in_the_second_shard() -> None:
    """Let this process be killed while half of a shard is written."""
    real = shards.pq.write_table

    def write_table(table: Any, path: Path, **options: Any) -> None:
        real(table, path, **options)
        if "-00001-of-" in Path(path).name:
            os.truncate(path, Path(path).stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    shards.pq.write_table = write_table


if __name__ == "__main__":
    registry, data, out, workers, recipe, *flags = sys.argv[1:]
    if "die" in flags:
        die_in_the_second_shard()
    build(
        load_registry([Path(registry)]),
        Recipe.model_validate(json.loads(recipe)),
        Path(data),
        Path(out),
        workers=int(workers),
    )
