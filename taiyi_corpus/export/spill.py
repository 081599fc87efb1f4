"""Rendering one part: its chosen candidates become rows, sorted by their place in the corpus, in one Arrow file.

Shards take slices of these files, so no process ever holds more than one part and one shard.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from taiyi_corpus import remote
from taiyi_corpus.export.lengths import Lengths, count
from taiyi_corpus.export.rows import ROW_SCHEMA, table_of
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import candidates_of, columns_needed
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.normalise.store import read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.dataset import TASKS

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
    items, setting = job.items[order], job.setting
    tasks = [TASKS[code] for code in np.unique(items["task"])]
    table = read_part(job.part, columns_of(columns_needed(tasks)))
    rows, at = np.unique(items["row"], return_inverse=True)
    records = from_table(table.take(pa.array(rows)))
    asked = list(zip(at.tolist(), candidates_of(items), job.repeat[order].tolist(), strict=True))
    spilled = Spilled(job.target, len(order))
    Path(job.target).parent.mkdir(parents=True, exist_ok=True)  # another machine has none yet
    with pa.OSFile(job.target, "wb") as sink, pa.ipc.new_file(sink, SPILL_SCHEMA) as writer:
        for start in range(0, len(order), _BATCH):
            end = start + _BATCH
            made = [
                (render(records[row], candidate, setting, repeat), records[row])
                for row, candidate, repeat in asked[start:end]
            ]
            _count(made, spilled)
            rendered = table_of(made, setting.recipe).append_column(
                "place", [job.place[order[start:end]]]
            )
            # The split of the corpus, which need not be that of the record.
            where = rendered.schema.get_field_index("split")
            writer.write_table(rendered.set_column(where, "split", [[job.split] * len(made)]))
    remote.sent(Path(job.target))
    return spilled


def _count(made: Sequence[tuple[Instance, Record]], spilled: Spilled) -> None:
    """Count styles and lengths of some rows."""
    for one, _ in made:
        of_task = f"{one.instruction_language}/{one.task}"
        key = f"{of_task}.{one.style}"
        spilled.styles[key] = spilled.styles.get(key, 0) + 1
        if one.style != one.drawn:
            change = f"{of_task}.{one.drawn} -> {one.style}"
            spilled.fallbacks[change] = spilled.fallbacks.get(change, 0) + 1
    tasks, languages = [one.task for one, _ in made], [record.language for _, record in made]
    count(tasks, languages, np.array([one.tokens for one, _ in made], np.int64), spilled.lengths)


def spill_path(folder: Path, number: int) -> str:
    """Return the path of the n-th spill file."""
    return str(folder / f"spill-{number:06d}.arrow")
