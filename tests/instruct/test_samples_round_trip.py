"""Every sample dataset: every answer lies within what was offered, and reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus import paths
from taiyi_corpus.instruct.around import around
from taiyi_corpus.instruct.ask import Refused, Setting
from taiyi_corpus.instruct.render import Instance, parse_back, render
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.review.check import ALL_FORMS
from taiyi_corpus.review.open import records, stored
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.spec.registry import discover, load_registry

REGISTRY = paths.bundled("registry")
# Its answers are addresses of pages, so there is nothing to ask yet.
UNANSWERED = {"huatuo_consultation_qa"}
SAMPLES = sorted(id_ for id_ in discover([REGISTRY]) if (REGISTRY / "samples" / id_).is_dir())


def instances(id_: str) -> tuple[DatasetSpec, list[Instance]]:
    """Every instance of a sample, in every form."""
    known = load_registry([REGISTRY], [id_])
    spec = known[id_]
    _, dataset = stored(known, id_, Path("nowhere"), samples=True)
    made, given = [], list(records(dataset))
    lent = around(given, Setting(spec, ALL_FORMS), spec.tasks)
    setting = Setting(spec, ALL_FORMS, lent)
    for record in given:
        for task in spec.tasks:
            for candidate in TASK_MODULES[task].candidates(record, task, setting):
                try:
                    made.append(render(record, candidate, setting))
                except Refused:
                    continue
    return spec, made


def offered(instance: Instance) -> set[str]:
    """The labels that a gold may be made of."""
    gold: Any = instance.gold
    if instance.task == "ner":
        return {type_ for type_, _ in gold}
    if instance.task in ("re", "cre", "ee"):
        return {item["type"] for item in gold}
    if instance.task == "tc":
        return set(gold)
    if instance.form == "candidates":
        return {concept for _, concept in gold}
    return {gold} if instance.options is not None else set()


@pytest.mark.parametrize("id_", SAMPLES)
def test_every_answer_of_a_sample_reads_back(id_: str) -> None:
    spec, made = instances(id_)

    assert {instance.task for instance in made} == (set() if id_ in UNANSWERED else {*spec.tasks})
    for instance in made:
        assert parse_back(instance), f"{instance.id}: {instance.answer!r} of {instance.gold!r}"
        assert offered(instance) <= set(instance.options or [])
        assert all(message.content.strip() for message in instance.messages)
        roles = [message.role for message in instance.messages if message.role != "system"]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
