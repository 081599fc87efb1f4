"""Look at records one by one: the raw row, the record made of it, the instances made of that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from taiyi_corpus.errors import Fault, InputError, nearest
from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.split import Origin, read_split
from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.review.asking import setting_of
from taiyi_corpus.review.check import ALL_FORMS
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.sources.locate import Located
from taiyi_corpus.spec.dataset import DatasetSpec


class Unasked(Struct, frozen=True):
    """A candidate that cannot be asked, and why."""

    id: str
    reason: str
    detail: str


class Shown(Struct, frozen=True):
    """One record with what it comes from and what comes of it, or a row that gave none."""

    id: str
    where: str  # file and line of the row
    raw: dict[
        str, Any
    ]  # the row as the mapping sees it: read, and adapted where there is an adapter
    record: Record | None  # null: dropped
    drop: Drop | None = None  # why there is no record
    instances: list[Instance] = []
    unasked: list[Unasked] = []


def preview(located: Located, origin: Origin, *, task: str | None = None, form: str | None = None,
            split: str | None = None, record: str | None = None) -> Iterator[Shown]:  # fmt: skip
    """Yield the records of a dataset in order, each with its instances in every form of its tasks.

    A row that gave no record is among them, unless a task is asked for.

    Args:
        task: only this task, and only records that have something for it.
        form: only this form of it.
        split: only this split.
        record: only the record of this id, or of this key.

    Raises:
        InputError: the dataset has no such task, form, split or record.
        SourceError: a file cannot be read as its format says.
    """
    spec = located.spec
    tasks = _tasks(spec, task, form)
    setting = setting_of(located, origin, ALL_FORMS)
    found = False
    for row, made in _made(located, origin, _splits(located, split)):
        if record is not None and record not in (made.id, made.id.split("/", 2)[-1]):
            continue
        shown = _shown(row, made, tasks, form, setting)
        if task is None or record is not None or shown.instances or shown.unasked:
            found = True
            yield shown
        if record == made.id:
            return
    if record is not None and not found:
        wanted = f"the id or key of a record of {spec.id}"
        hint = "Ids look like <dataset>/<split>/<key>."
        raise InputError(Fault("--record", wanted, repr(record), hint))


def _tasks(spec: DatasetSpec, task: str | None, form: str | None) -> list[str]:
    if task is not None and task not in spec.tasks:
        raise InputError(
            Fault("--task", f"a task of {spec.id}", repr(task), nearest(task, spec.tasks))
        )
    tasks: list[str] = list(spec.tasks) if task is None else [task]
    forms = list(dict.fromkeys(name for one in tasks for name in FORMS[one]))
    if form is not None and form not in forms:
        wanted = f"a form of {', '.join(tasks)}"
        raise InputError(Fault("--form", wanted, repr(form), nearest(form, forms)))
    return tasks


def _splits(located: Located, split: str | None) -> list[Split]:
    splits = [name for name in located.splits if split is None or name == split]
    if not splits:
        wanted = f"a split of {located.spec.id}"
        raise InputError(
            Fault("--split", wanted, repr(split), nearest(split or "", list(located.splits)))
        )
    return splits


def _made(
    located: Located, origin: Origin, splits: list[Split]
) -> Iterator[tuple[Row | BadRow, Record | Drop]]:
    """Yield each row with the record it gave, or the drop that says why it gave none."""
    rows: list[Row | BadRow] = []
    for split in splits:
        for item in read_split(located, split, origin, rows.append):
            rows[:-1] = []
            if isinstance(item, Record) or (
                isinstance(item, Drop) and item.unit in ("row", "record")
            ):
                yield rows[-1], item


def _shown(row: Row | BadRow, made: Record | Drop, tasks: list[str], form: str | None,
           setting: Setting) -> Shown:  # fmt: skip
    raw = row.data if isinstance(row, Row) else {}
    if isinstance(made, Drop):
        return Shown(made.id, row.where, raw, None, made)
    shown = Shown(made.id, row.where, raw, made)
    for candidate in candidates(made, tasks, form, setting):
        try:
            shown.instances.append(render(made, candidate, setting))
        except Refused as why:
            shown.unasked.append(Unasked(candidate.id(made.id), why.reason, why.detail))
    return shown


def candidates(
    record: Record, tasks: list[str], form: str | None, setting: Setting
) -> Iterator[Candidate]:
    """Yield what can be asked of a record."""
    for task in tasks:
        for candidate in TASK_MODULES[task].candidates(record, task, setting):
            if form is None or candidate.form == form:
                yield candidate
