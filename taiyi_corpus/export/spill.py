"""Putting one part in its place: its chosen candidates become rows, in the order of the global shuffle, in one file.

Shards take their rows from these files, so no process ever holds more than one part and one shard. What was rendered
when candidates were looked for is taken from there; the rest is rendered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from taiyi_corpus.export.lengths import Lengths, count
from taiyi_corpus.export.rendered import BATCH, Rows, rendered
from taiyi_corpus.export.rows import ROW_SCHEMA, repeated
from taiyi_corpus.export.spill_file import SPILL_SCHEMA, write_spill
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import candidates_of, columns_needed
from taiyi_corpus.instruct.render import render
from taiyi_corpus.mix.choose import U64, shuffle_keys
from taiyi_corpus.normalise.store import read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Split
from taiyi_corpus.spec.dataset import TASKS


class RenderJob(Struct, frozen=True):
    """Chosen candidates of one part: what to ask, and which repeat it is."""

    part: str
    split: Split  # of the corpus
    setting: Setting
    items: npt.NDArray[np.void]
    repeat: npt.NDArray[np.int64]
    edges: list[int]  # the least key of each shard but the first
    target: str
    rows: str | None = None  # file of the rendered candidates of the part, where they were kept
    number: npt.NDArray[np.int64] | None = None  # of each candidate in that file


class Spilled(Struct):
    """The rendered rows of one part, and what was counted of them."""

    path: str
    rows: int
    styles: dict[str, int] = {}  # "<language>/<task>.<style>" -> rows
    fallbacks: dict[str, int] = {}  # "<language>/<task>.<style drawn> -> <style taken>" -> rows
    lengths: dict[tuple[str, str], Lengths] = {}


def render_part(job: RenderJob) -> Spilled:
    """Write the rows of the chosen candidates of a part into a spill file."""
    keys = shuffle_keys(job.items["order"], job.repeat)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    spilled = Spilled(job.target, len(order))
    known = np.zeros(len(order), np.bool_) if job.rows is None else job.repeat[order] == 0
    kept = Rows(job.rows) if job.rows is not None else None
    fresh = None if known.all() else _Fresh(job)

    def tables() -> Iterator[pa.Table]:
        for start in range(0, len(order), BATCH):
            at, whole = order[start : start + BATCH], known[start : start + BATCH]
            found = []
            if kept is not None and job.number is not None and whole.any():
                found.append(kept.take(job.number[at[whole]]))
            if fresh is not None and not whole.all():
                found.append(fresh.render(at[~whole]))
            made = found[0]
            if len(found) > 1:
                back = np.argsort(np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)]))
                made = pa.concat_tables(found).take(pa.array(back))
            _count(made, spilled)
            yield _placed(made, job, keys[start : start + BATCH])

    write_spill(Path(job.target), keys, job.edges, tables())
    return spilled


class _Fresh:
    """Renders candidates of a part."""

    def __init__(self, job: RenderJob) -> None:
        tasks = [TASKS[code] for code in np.unique(job.items["task"])]
        table = read_part(job.part, columns_of(columns_needed(tasks)))
        rows, self._record = np.unique(job.items["row"], return_inverse=True)
        self._records = from_table(table.take(pa.array(rows)))
        self._job = job

    def render(self, numbers: npt.NDArray[np.int64]) -> pa.Table:
        job = self._job
        asked = zip(
            self._record[numbers].tolist(), candidates_of(job.items[numbers]), job.repeat[numbers].tolist(),
            strict=True,
        )  # fmt: skip
        made = [
            (render(self._records[row], candidate, job.setting, repeat), self._records[row])
            for row, candidate, repeat in asked
        ]
        return rendered(made, job.setting.recipe)


def _placed(made: pa.Table, job: RenderJob, keys: U64) -> pa.Table:
    # What the mix says of a row, and not its record or candidate.
    stated = {"split": job.split, "stage": job.setting.recipe.stage}
    columns = {
        field.name: repeated(stated[field.name], field.type, len(made))
        if field.name in stated
        else made.column(field.name)
        for field in ROW_SCHEMA
    }
    return pa.table(columns | {"key": keys}, schema=SPILL_SCHEMA)


def _count(made: pa.Table, spilled: Spilled) -> None:
    """Count styles and lengths of some rows."""
    keys = ["instruction_language", "task", "style", "drawn"]
    counts = made.group_by(keys, use_threads=False).aggregate([([], "count_all")])
    for language, task, style, drawn, rows in zip(*counts.to_pydict().values(), strict=True):
        key = f"{language}/{task}.{style}"
        spilled.styles[key] = spilled.styles.get(key, 0) + rows
        if style != drawn:
            change = f"{language}/{task}.{drawn} -> {style}"
            spilled.fallbacks[change] = spilled.fallbacks.get(change, 0) + rows
    tasks, languages = made.column("task").to_pylist(), made.column("language").to_pylist()
    count(tasks, languages, made.column("tokens").to_numpy(), spilled.lengths)


def spill_path(folder: Path, number: int) -> str:
    """Return the path of the n-th spill file."""
    return str(folder / f"spill-{number:06d}.arrow")
