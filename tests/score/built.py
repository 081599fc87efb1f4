"""Rows as a build writes them, of the bundled samples, and predictions for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from taiyi_corpus import paths
from taiyi_corpus.export.rows import table_of
from taiyi_corpus.instruct.ask import Refused, Setting
from taiyi_corpus.instruct.render import render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.review.check import ALL_FORMS
from taiyi_corpus.review.open import records, stored
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.registry import discover, load_registry

REGISTRY = paths.bundled("registry")
SAMPLES = sorted(id_ for id_ in discover([REGISTRY]) if (REGISTRY / "samples" / id_).is_dir())
Rows = list[dict[str, Any]]


def sample_rows(id_: str, style: str | None = None) -> tuple[dict[str, DatasetSpec], Rows]:
    """The rows of a bundled sample, in every form, and its registry file."""
    known = load_registry([REGISTRY], [id_])
    setting = Setting(known[id_], ALL_FORMS)
    _, dataset = stored(known, id_, Path("nowhere"), samples=True)
    made = []
    for record in records(dataset):
        for task in known[id_].tasks:
            for candidate in TASK_MODULES[task].candidates(record, task, setting):
                try:
                    made.append((render(record, candidate, setting, style=style), record))
                except Refused:
                    continue
    return dict(known), table_of(made, ALL_FORMS).to_pylist()


def gold_texts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {row["id"]: row["messages"][-1]["content"] for row in rows}
