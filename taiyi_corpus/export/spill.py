"""Rendering one part: its chosen candidates become rows, sorted by their place in the corpus, in one Arrow file.

Shards take slices of these files, so no process ever holds more than one part and one shard.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from taiyi_corpus.export.lengths import Lengths, count
from taiyi_corpus.export.rows import ROW_SCHEMA, row_of
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import candidate_of, columns_needed
from taiyi_corpus.instruct.render import render
from taiyi_corpus.normalise.store import read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Record, Split

SPILL_SCHEMA = ROW_SCHEMA.append(pa.field("place", pa.int64()))
_BATCH = 4_000


class RenderJob(Struct, frozen=True):
    """Chosen candidates of one part: what to ask, which repeat it is, where it goes."""

    part: str
    split: Split  # of the corpus
    setting: Setting
    items: npt.NDArray[np.void]
    repeat: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    target: str

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"rendering {self.setting.spec.id}, {Path(self.part).name}"


class Spilled(Struct):
    """The rendered rows of one part, and what was counted of them."""

    path: str
    rows: int
    styles: dict[str, int] = {}  # "<language>/<task>.<style>" -> rows
    fallbacks: dict[str, int] = {}  # "<language>/<task>.<style drawn> -> <style taken>" -> rows
    lengths: dict[tuple[str, str], Lengths] = {}


def render_part(job: RenderJob) -> Spilled:
    """Render the chosen candidates of a part into an Arrow file sorted by place."""
    order = np.argsort(job.place, kind="stable")
    tasks = sorted({candidate_of(item).task for item in job.items})
    table = read_part(job.part, columns_of(columns_needed(tasks)))
    rows = np.unique(job.items["row"])
    records = dict(zip(rows.tolist(), from_table(table.take(pa.array(rows))), strict=True))
    spilled = Spilled(job.target, len(order))
    with pa.OSFile(job.target, "wb") as sink, pa.ipc.new_file(sink, SPILL_SCHEMA) as writer:
        for start in range(0, len(order), _BATCH):
            made = [_row(job, i, records, spilled) for i in order[start : start + _BATCH].tolist()]
            rendered = pa.Table.from_pylist([row for row, _ in made], schema=SPILL_SCHEMA)
            _measure(rendered, [tokens for _, tokens in made], spilled)
            writer.write_table(rendered)
    return spilled


def _measure(rendered: pa.Table, tokens: list[int], spilled: Spilled) -> None:
    """Count how long the rows are."""
    tasks, languages = (rendered.column(name).to_pylist() for name in ("task", "language"))
    count(tasks, languages, np.array(tokens, np.int64), spilled.lengths)


def _row(
    job: RenderJob, i: int, records: dict[int, Record], spilled: Spilled
) -> tuple[dict[str, object], int]:
    """Return a row, and its length in tokens."""
    item = job.items[i]
    record = records[int(item["row"])]
    instance = render(record, candidate_of(item), job.setting, int(job.repeat[i]))
    of_task, styles = f"{instance.instruction_language}/{instance.task}", spilled.styles
    key = f"{of_task}.{instance.style}"
    styles[key] = styles.get(key, 0) + 1
    if instance.style != instance.drawn:
        change = f"{of_task}.{instance.drawn} -> {instance.style}"
        spilled.fallbacks[change] = spilled.fallbacks.get(change, 0) + 1
    row = row_of(instance, record, job.setting.recipe)
    return {**row, "split": job.split, "place": int(job.place[i])}, instance.tokens


def spill_path(folder: Path, number: int) -> str:
    """Return the path of the n-th spill file."""
    return str(folder / f"spill-{number:06d}.arrow")
