"""The candidates of one part of a dataset, as arrays: what a build chooses from.

Choosing comes before writing, so each candidate is rendered here once to know that it can be, within the budget; one
that cannot goes to the ledger. What is kept of a candidate are numbers: row, task, form, k, tokens and its 64-bit
order of preference. Who will want most of them may take the rendered instances, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from taiyi_corpus import hashing
from taiyi_corpus.instruct.around import COLUMNS
from taiyi_corpus.instruct.ask import Candidate, Refused, Setting
from taiyi_corpus.instruct.forms import FORMS
from taiyi_corpus.instruct.render import Instance, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.ledger import Drop
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.dataset import TASKS, TaskId

CANDIDATE = np.dtype(
    [
        ("order", "<u8"),
        ("row", "<u4"),
        ("k", "<u4"),
        ("task", "u1"),
        ("form", "u1"),
        ("tokens", "<u2"),
    ]
)
FORM_NAMES: dict[str, tuple[str, ...]] = {task: tuple(forms) for task, forms in FORMS.items()}


class Found(Struct):
    """Candidates of one part, and what was refused."""

    array: npt.NDArray[np.void]
    drops: list[Drop]
    seen: dict[str, int]  # task -> candidates, refused ones included
    refused: dict[str, dict[str, int]]  # task -> reason -> count


def columns_needed(tasks: Sequence[str]) -> list[str]:
    """Return the record columns the tasks read, and those that tell documents apart."""
    return sorted({*COLUMNS, *(column for task in tasks for column in TASK_MODULES[task].COLUMNS)})


def find(records: list[Record], rows: list[int], setting: Setting, tasks: Sequence[TaskId],
         keep: Callable[[Instance, Record], None] | None = None) -> Found:  # fmt: skip
    """Return the candidates of `records`.

    Args:
        rows: the positions of the records in their part.
        keep: takes the rendered instance of each candidate, in their order.
    """
    made: list[tuple[int, int, int, int, int, int]] = []
    drops: list[Drop] = []
    seen: Counter[str] = Counter()
    refused: dict[str, Counter[str]] = {}
    asked = [(task, TASK_MODULES[task], TASKS.index(task), _forms(task)) for task in tasks]
    for row, record in zip(rows, records, strict=True):
        for task, module, code, forms in asked:
            for candidate in module.candidates(record, task, setting):
                seen[task] += 1
                try:
                    instance = render(record, candidate, setting)
                except Refused as why:
                    refused.setdefault(task, Counter())[why.reason] += 1
                    id_ = candidate.id(record.id)
                    drops.append(
                        Drop(
                            "instruct",
                            "instance",
                            record.dataset,
                            record.split,
                            id_,
                            why.reason,
                            why.detail,
                        )
                    )
                    continue
                order = hashing.hash64(setting.seed, "choose", instance.id)
                tokens = min(instance.tokens, 65535)
                made.append((order, row, candidate.k, code, forms[candidate.form], tokens))
                if keep is not None:
                    keep(instance, record)
            if lost := getattr(module, "lost", None):
                drops += [
                    Drop(
                        "instruct",
                        "annotation",
                        record.dataset,
                        record.split,
                        f"{record.id}/{id_}",
                        reason,
                        detail,
                    )
                    for id_, reason, detail in lost(record, setting)
                ]
    return Found(
        np.array(made, dtype=CANDIDATE), drops, dict(seen), {t: dict(c) for t, c in refused.items()}
    )


def _forms(task: str) -> dict[str, int]:
    return {form: code for code, form in enumerate(FORM_NAMES[task])}


def candidates_of(array: npt.NDArray[np.void]) -> list[Candidate]:
    """Return the candidates that the elements of an array stand for."""
    columns = (array[name].tolist() for name in ("task", "form", "k"))
    named = ((TASKS[task], form, k) for task, form, k in zip(*columns, strict=True))
    return [Candidate(task, FORM_NAMES[task][form], k) for task, form, k in named]
