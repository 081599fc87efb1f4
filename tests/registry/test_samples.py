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
# A split released in so many folds, files or dialogues has a few records in each.
PARTS = {
    "ask_a_patient": 10, "chinese_medical_dialogue_data": 6, "imcs_v2_dac": 3, "progene": 10, "twadrl": 10,
}  # fmt: skip


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
    most = 12 * PARTS.get(id_, 1)
    assert all(3 <= count <= most for count in result.records.values()), result.records
    assert list(result.records) == [split for split in SPLITS if split in result.records]


@pytest.mark.parametrize("id_", [i for i in REGISTRY if REGISTRY[i].known_faults])
def test_a_sample_shows_each_known_fault_of_the_release(id_: str, tmp_path: Path) -> None:
    found = check(REGISTRY, id_, tmp_path, samples=True).found_faults
    shown = {code for faults in found.values() for code in faults}
    assert shown == {fault.fault for fault in REGISTRY[id_].known_faults}
