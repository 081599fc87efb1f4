"""Rows of a part, whichever of its records are made column by column, are those of its records one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from taiyi_corpus.export.rendered import Rows, rendered
from taiyi_corpus.instruct.candidates import find
from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.normalise.store import Part
from taiyi_corpus.pipeline.candidates import CandidateJob, find_candidates, load
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Answer, Record
from taiyi_corpus.spec.recipe import Group, Recipe
from tests.curate.made import record
from tests.toys import dataset

PLAIN = {"question": " Why? ", "answers": [Answer(text="So.")]}
MIXED = [
    PLAIN,
    {**PLAIN, "context": "Once."},
    {**PLAIN, "answers": [Answer(text=" ")]},  # refused
    {**PLAIN, "answers": [Answer(text="So."), Answer(text="Thus.")]},
    {"question": "How?"},  # asks nothing
    PLAIN,
    PLAIN,
]


def test_all_that_is_found_in_a_part_is_in_the_order_of_its_records(tmp_path: Path) -> None:
    records = [record(str(n), **part) for n, part in enumerate(MIXED)]
    path = tmp_path / "records" / "key" / "part.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(to_table(records), path)
    keep = np.array([True, True, True, True, True, False, True])
    recipe = Recipe(name="x", about="x", stage=1, groups=[Group(name="all")])
    setting = Setting(dataset(tasks=["qa_sqa"]), recipe)
    job = CandidateJob(Part(str(path), "train", 7), keep, setting, ["qa_sqa"], str(tmp_path), True)
    made = load(find_candidates(job))

    waiting: list[tuple[Instance, Record]] = []
    rows = np.flatnonzero(keep).tolist()
    wanted = find(
        [records[row] for row in rows], rows, setting, ["qa_sqa"], lambda *one: waiting.append(one)
    )
    assert made.read().tolist() == wanted.array.tolist()
    assert made.read()["row"].tolist() == [0, 1, 3, 6]
    assert made.read_drops() == wanted.drops
    assert (made.seen, made.refused) == (wanted.seen, wanted.refused)
    assert made.seen == {"qa_sqa": 5}
    assert made.rows is not None
    numbers = np.arange(len(waiting))
    assert Rows(made.rows).take(numbers).to_pylist() == rendered(waiting, recipe).to_pylist()
