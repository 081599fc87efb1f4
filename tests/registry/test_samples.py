"""Every bundled sample: its counts, its first and last record, its faults, and answers that parse back."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.review.check import check
from taiyi_corpus.review.open import records, stored
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


TRAPS = {
    "a mention in two pieces": (
        "bc5cdr bioinfer chia",
        lambda r: any(len(e.spans or []) > 1 for e in r.entities or []),
    ),
    "a composite mention and its parts": (
        "bc5cdr", lambda r: any(e.part_of for e in r.entities or [])
    ),
    "a mention of several concepts": (
        "biored ncbi_disease nlm_gene gnormplus chip_cdn clinical_terminology_standardization",
        lambda r: any(len(e.links or []) > 1 for e in r.entities or []),
    ),
    "a text without a mention": (
        "biored genetag linnaeus tmvar_v1 tmvar_v3 cmeee_v2", lambda r: r.entities == []
    ),
    "CR LF in the text": ("chia", lambda r: "\r\n" in (r.text or "")),
    "a mention without a place": (
        "chip_cdn cmeie_v2 ddi13", lambda r: any(e.spans is None for e in r.entities or [])
    ),
    "several labels": (
        "bc7_litcovid hallmarks_of_cancer n2c2_2018_track1", lambda r: len(r.labels or []) > 1
    ),
    "a gold that says none": ("hallmarks_of_cancer", lambda r: r.labels == []),
    "no gold": ("chip_ctc kuake_qic kuake_qqr", lambda r: r.labels is None),
    "negation": (
        "bionlp_st_2011_epi", lambda r: any(a.name == "Negation" for a in r.attributes or [])
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("trap", "id_"), [(trap, id_) for trap, (ids, _) in TRAPS.items() for id_ in ids.split()]
)
def test_a_sample_has_the_traps_of_the_release(trap: str, id_: str, tmp_path: Path) -> None:
    found = records(stored(REGISTRY, id_, tmp_path, samples=True)[1])
    assert any(map(TRAPS[trap][1], found))


@pytest.mark.parametrize("id_", [i for i in REGISTRY if REGISTRY[i].known_faults])
def test_a_sample_shows_each_known_fault_of_the_release(id_: str, tmp_path: Path) -> None:
    found = check(REGISTRY, id_, tmp_path, samples=True).found_faults
    shown = {code for faults in found.values() for code in faults}
    assert shown == {fault.fault for fault in REGISTRY[id_].known_faults}
