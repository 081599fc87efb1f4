"""Every bundled sample: its counts, its first and last record, its faults, and answers that parse back."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.review.check import check
from taiyi_corpus.schema.record import SPLITS
from taiyi_corpus.spec.registry import load_registry

REGISTRY = load_registry([paths.bundled("registry")])
ANSWERS_ARE_ADDRESSES = {
    "huatuo_consultation_qa"
}  # the released answers are web addresses: nothing to learn from
MOST = 30  # a dialogue set counts utterances, a set in six files has a few rows in each
FOLDS = {"ask_a_patient": 10, "twadrl": 10}  # released in folds, each with its few records


@pytest.mark.parametrize("id_", list(REGISTRY))
def test_a_sample_is_what_it_says(id_: str, tmp_path: Path) -> None:
    result = check(REGISTRY, id_, tmp_path, samples=True)
    assert [str(fault) for fault in result.faults] == []
    assert result.state == "ready"
    assert result.instances or id_ in ANSWERS_ARE_ADDRESSES, "no instance to ask"


@pytest.mark.parametrize("id_", list(REGISTRY))
def test_a_sample_is_small_and_has_every_split(id_: str, tmp_path: Path) -> None:
    result = check(REGISTRY, id_, tmp_path, samples=True)
    assert set(result.records) == set(REGISTRY[id_].splits)
    most = MOST * FOLDS.get(id_, 1)
    assert all(1 <= count <= most for count in result.records.values()), result.records
    assert list(result.records) == [split for split in SPLITS if split in result.records]
