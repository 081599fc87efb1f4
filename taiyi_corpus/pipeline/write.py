"""Rendering what was chosen, and writing the shards."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.engine import Run
from taiyi_corpus.errors import LedgerError
from taiyi_corpus.export.lengths import Lengths, together
from taiyi_corpus.export.shards import Shard, ShardJob, shard_bounds, shard_name, write_shard
from taiyi_corpus.export.spill import RenderJob, render_part, spill_path
from taiyi_corpus.pipeline.gather import Progress
from taiyi_corpus.pipeline.select import Selected
from taiyi_corpus.spec.recipe import Recipe


class Written(Struct):
    """The shards of a build, and what was counted while its rows were rendered."""

    shards: list[Shard]
    styles: dict[str, int]
    fallbacks: dict[str, int]  # rows whose gold another style than the one drawn can hold apart
    lengths: list[Lengths]


def write_rows(
    selected: Selected, recipe: Recipe, folder: Path, run: Run, progress: Progress
) -> Written:
    """Render the chosen instances and write the shards below `folder`.

    Raises:
        LedgerError: rows written are not rows chosen.
    """
    spills = folder / ".spills"
    spills.mkdir()
    (folder / "data").mkdir()
    jobs = [
        RenderJob(
            c.part.path,
            c.split,
            c.setting,
            c.items,
            c.repeat,
            c.place,
            spill_path(spills, number),
            c.rows,
            c.number,
        )
        for number, c in enumerate(selected.chosen)
    ]
    progress("render", 0, len(jobs))
    styles: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    lengths = []
    for number, spilled in enumerate(run(render_part, jobs), 1):
        styles.update(spilled.styles)
        fallbacks.update(spilled.fallbacks)
        lengths.append(spilled.lengths)
        progress("render", number, len(jobs))
    shard_jobs = [
        job for split in selected.rows for job in _shard_jobs(split, selected, recipe, jobs, folder)
    ]
    progress("write", 0, len(shard_jobs))
    shards = []
    for number, shard in enumerate(run(write_shard, shard_jobs), 1):
        remote.fetched(folder / shard.path)
        shards.append(shard)
        progress("write", number, len(shard_jobs))
    shutil.rmtree(spills)
    written = sum(shard.rows for shard in shards)
    if written != selected.plan.rows:
        raise LedgerError(f"{selected.plan.rows} rows chosen, {written} written")
    return Written(shards, dict(styles), dict(fallbacks), together(lengths))


def _shard_jobs(
    split: str, selected: Selected, recipe: Recipe, jobs: list[RenderJob], folder: Path
) -> list[ShardJob]:
    rows = selected.rows.get(split, 0)
    if not rows and split != recipe.splits[0]:
        return []  # the first split always has a file, so that an empty mix still loads
    spills = [job.target for job, c in zip(jobs, selected.chosen, strict=True) if c.split == split]
    bounds = shard_bounds(rows, recipe.shard_rows)
    return [
        ShardJob(spills, start, end, str(folder), shard_name(split, number, len(bounds)))
        for number, (start, end) in enumerate(bounds)
    ]
