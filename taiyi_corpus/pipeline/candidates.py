"""The candidates of every part, kept on disk: a second build with the same instances asks nothing again.

Where most of them will be wanted, their rendered rows are kept beside them, so that nothing is rendered twice.

What makes candidates is the part, what curating keeps of it, the dataset's entry, templates and code of the instances
and those keys of the recipe that shape them; how many rows are wanted of what is not among it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from taiyi_corpus import kept
from taiyi_corpus.export.manifest import templates_hash
from taiyi_corpus.export.rendered import RowFile, rendered, rendered_told, row_file
from taiyi_corpus.instruct.ask import Setting
from taiyi_corpus.instruct.candidates import CANDIDATE, Found, columns_needed, find
from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.instruct.told import told_of
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import TaskId

_STAGES = ("export", "instruct", "language", "schema")
# Keys of a recipe that say how much of what is taken, or what was done before; a new key counts until it is named here.
_ELSEWHERE = {
    "name", "about", "stage", "splits", "rows", "unit", "groups", "cap", "caps", "floors", "task_caps", "task_floors",
    "max_epochs", "epochs", "on_shortage", "curate", "holdout", "shard_rows", "printed",
}  # fmt: skip


class CandidateJob(Struct, frozen=True):
    """One part whose candidates are wanted."""

    part: Part
    keep: npt.NDArray[np.bool_]
    setting: Setting
    tasks: list[TaskId]
    cache: str
    rendered: bool = False  # keep the rendered rows: most of them will be wanted

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"candidates of {self.setting.spec.id}, {Path(self.part.path).name}"


class Candidates(Struct):
    """The candidates of one part, which stay on disk, as does what was refused."""

    path: str
    seen: dict[str, int]  # task -> candidates, refused ones included
    refused: dict[str, dict[str, int]]  # task -> reason -> count
    drops: str  # file of what was refused or left out
    rows: str | None  # file of the rendered candidates, where they were kept

    def read(self) -> npt.NDArray[np.void]:
        """Return the candidates."""
        return np.frombuffer(_read(self.path).array, dtype=CANDIDATE)

    def read_drops(self) -> list[Drop]:
        """Return what was refused or left out."""
        data = kept.read(Path(self.drops))
        if data is None:
            raise OSError(f"{self.drops} went missing during the build")
        return msgspec.msgpack.decode(data, type=list[Drop])


class _Kept(Struct):
    array: bytes
    seen: dict[str, int]
    refused: dict[str, dict[str, int]]
    rows: str = ""  # hash of the rendered candidates; "" where they were not kept


def find_candidates(job: CandidateJob) -> str:
    """Find the candidates of one part, unless they are kept; return the file that holds them."""
    place = _place(job)
    if place.is_file() and _whole(place):
        return str(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    rows = np.flatnonzero(job.keep)
    table = read_part(job.part.path, columns_of(columns_needed(job.tasks)))
    table, hashed = table if len(rows) == table.num_rows else table.take(rows), ""
    # Rows and drops first: where there are candidates, there is what belongs to them.
    if job.rendered:
        with kept.whole(_rows(place)) as staging:
            with row_file(staging, job.setting.recipe) as file:
                found = _found(table, rows, job, file)
            hashed = kept.file_hash(staging)
    else:
        found = _found(table, rows, job, None)
    kept.write(_drops(place), msgspec.msgpack.encode(found.drops))
    made = _Kept(found.array.tobytes(), found.seen, found.refused, hashed)
    kept.write(place, msgspec.msgpack.encode(made))
    return str(place)


def _found(table: pa.Table, rows: npt.NDArray[np.int64], job: CandidateJob, file: RowFile | None
           ) -> Found:  # fmt: skip
    """Return the candidates of records, and add their rows to a file: where it can be column by column."""
    setting, tasks = job.setting, job.tasks
    told = told_of(table, setting, tasks)
    if told is None:
        return find(from_table(table), rows.tolist(), setting, tasks, file.add if file else None)
    rest = np.delete(np.arange(table.num_rows), told.rows)
    waiting: list[tuple[Instance, Record]] = []
    others = find(
        from_table(table.take(rest)),
        rows[rest].tolist(),
        setting,
        tasks,
        (lambda *made: waiting.append(made)) if file else None,
    )
    array = np.concatenate([told.candidates(setting.seed, rows), others.array])
    order = np.argsort(array["row"], kind="stable")
    if file is not None:
        made = rendered_told(told, table, setting.recipe)
        if waiting:
            made = pa.concat_tables([made, rendered(waiting, setting.recipe)]).take(pa.array(order))
        file.add_rows(made)
    seen: dict[str, int] = {told.task: len(told.ids) + others.seen.get(told.task, 0)}
    return Found(array[order], others.drops, seen, others.refused)


def load(path: str) -> Candidates:
    """Return what a file of candidates says of them."""
    found = _read(path)
    rows = str(_rows(Path(path))) if found.rows else None
    return Candidates(path, found.seen, found.refused, str(_drops(Path(path))), rows)


def _read(path: str) -> _Kept:
    data = kept.read(Path(path))
    if data is None:
        raise OSError(f"{path} went missing during the build")
    return msgspec.msgpack.decode(data, type=_Kept)


def _place(job: CandidateJob) -> Path:
    path, recipe = Path(job.part.path), job.setting.recipe
    tokenizer = [] if recipe.tokenizer is None else _files(Path(recipe.tokenizer))
    key = kept.key(
        kept.code_version(*_STAGES),
        templates_hash(),
        path.parts[-2:],  # the folder of a part is named by everything that made it
        [np.packbits(job.keep).tobytes(), len(job.keep)],
        job.setting.spec.model_dump_json(),
        recipe.model_dump_json(exclude=_ELSEWHERE),
        job.setting.around,
        tokenizer,
        job.tasks,
    )
    return Path(job.cache) / "candidates" / job.setting.spec.id / key


def _files(path: Path) -> list[str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [kept.file_hash(file) for file in files if file.is_file()]


def _whole(place: Path) -> bool:
    """Return whether what is kept is all there and undamaged; say by their times that it was used."""
    data = kept.read(place)
    if data is None or kept.read(_drops(place)) is None:
        return False
    rows = msgspec.msgpack.decode(data, type=_Kept).rows
    if rows:
        with suppress(OSError):
            os.utime(_rows(place))
    return not rows or kept.file_hash(_rows(place)) == rows


def _drops(place: Path) -> Path:
    return place.with_name(f"{place.name}.drops")


def _rows(place: Path) -> Path:
    return place.with_name(f"{place.name}.rows")
