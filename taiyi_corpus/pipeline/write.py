"""Rendering what was chosen, and writing the shards."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.engine import Run
from taiyi_corpus.engine.order import largest_first
from taiyi_corpus.errors import LedgerError
from taiyi_corpus.export.lengths import Lengths, together
from taiyi_corpus.export.shards import Shard, ShardJob, shard_bounds, shard_name, write_shard
from taiyi_corpus.export.spill import RenderJob, Spilled, render_part, spill_path
from taiyi_corpus.pipeline.gather import Progress
from taiyi_corpus.pipeline.pool import Pool, first_keys
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
    parts: list[_PartJob] = []
    shards: list[ShardJob] = []
    for split, pools in selected.chosen.items():
        rows = sum(pool.rows for pool in pools)
        if not rows and split != recipe.splits[0]:
            continue  # the first split always has a file, so that an empty mix still loads
        bounds = shard_bounds(rows, recipe.shard_rows)
        edges = first_keys(pools, [start for start, _ in bounds[1:]])
        targets = [spill_path(spills, len(parts) + number) for number in range(len(pools))]
        parts += [_PartJob(*one, edges) for one in zip(pools, targets, strict=True)]
        shards += [
            ShardJob(targets, number, str(folder), shard_name(split, number, len(bounds)))
            for number in range(len(bounds))
        ]
    styles: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    lengths = []
    progress("render", 0, len(parts))
    files = [job.pool.part.path for job in parts]
    for spilled in largest_first(
        run, _render, parts, files, lambda done: progress("render", done, len(parts))
    ):
        styles.update(spilled.styles)
        fallbacks.update(spilled.fallbacks)
        lengths.append(spilled.lengths)
    written = []
    progress("write", 0, len(shards))
    for number, shard in enumerate(run(write_shard, shards), 1):
        remote.fetched(folder / shard.path)
        written.append(shard)
        progress("write", number, len(shards))
    shutil.rmtree(spills)
    rows = sum(shard.rows for shard in written)
    if rows != selected.plan.rows:
        raise LedgerError(f"{selected.plan.rows} rows chosen, {rows} written")
    return Written(written, dict(styles), dict(fallbacks), together(lengths))


class _PartJob(Struct, frozen=True):
    """What one part gives to a split, to be rendered to `target`."""

    pool: Pool
    target: str
    edges: list[int]  # the least key of each shard but the first

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"rendering {self.pool.setting.spec.id}, {Path(self.pool.part.path).name}"


def _render(job: _PartJob) -> Spilled:
    pool = job.pool
    chosen = pool.chosen()
    return render_part(
        RenderJob(
            pool.part.path,
            pool.split,
            pool.setting,
            chosen.items,
            chosen.repeat,
            job.edges,
            job.target,
            pool.candidates.rows,
            chosen.number,
        )
    )
