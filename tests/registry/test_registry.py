"""The registry as a whole: exactly the datasets of the paper, each with what a user must know, enough to build from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from taiyi_corpus import paths
from taiyi_corpus.pipeline.build import build
from taiyi_corpus.spec.dataset import TASKS
from taiyi_corpus.spec.recipe import find_recipe
from taiyi_corpus.spec.registry import load_registry

ROOT = paths.bundled("registry")
REGISTRY = load_registry([ROOT])


def words(text: str) -> list[str]:
    return text.split()


# The rows of the two tables of the paper "Taiyi" (JAMIA 2024).
ENGLISH = words("""
an_em anat_em ask_a_patient bc5cdr bc7_litcovid bio_sim_verb bio_simlex bioinfer
biology_how_why_corpus biomrc bionlp_shared_task_2009 bionlp_st_2011_epi bionlp_st_2011_ge
bionlp_st_2011_id bionlp_st_2011_rel bionlp_st_2013_cg bionlp_st_2013_ge bionlp_st_2013_gro
bionlp_st_2013_pc bionlp_st_2019_bb biored biorelex biosses cellfinder chebi_nactem chemdner
chia citation_gia_test_collection cpi ddi_corpus drugehrqa drugprot ebm_pico ehr_rel emrqa euadr
evidence_inference gad genetag genia_ptm_event_corpus genia_relation_corpus geokhoj_v1 gnormplus
hallmarks_of_cancer healthcaremagic_100k hprd50 icliniq_10k iepa jnlpba linnaeus liveqa lll
mayosrs med_qa medal meddialog meddialog_en medhop medication_qa mediqa_qa mediqa_rqe medmcqa
medmentions meqsum mimicause minimayosrs mirna mlee mqp multi_xscience n2c2_2006_deid
n2c2_2006_smokers n2c2_2008_obesity n2c2_2009_medication n2c2_2010_relation n2c2_2014_deid
n2c2_2018_track1 n2c2_2018_track2 ncbi_disease nlm_gene nlmchem osiris paramed pdr
pico_extraction progene pubhealth pubmed_qa scai_chemical scai_disease scicite scifact sciq
scitail seth_corpus spl_adr_200db tmvar_v1 tmvar_v2 tmvar_v3 twadrl umnsrs verspoor_2013
""")
CHINESE = words("""
bentsao_livercancer bentsao_llamadata chinese_medical_dialogue_data chip_cdee chip_cdn chip_ctc
chip_mdcfnpc chip_sts clinical_terminology_standardization cmedcausal cmedqa2 cmeee_v2 cmeie_v2
cmid covid_similarity diakg huatuo_consultation_qa huatuo_encyclopedia_qa
huatuo_knowledge_graph_qa huatuogpt_sft_data_v1 imcs_v2_dac imcs_v2_mrg imcs_v2_ner imcs_v2_sr
kuake_ir kuake_qic kuake_qqr kuake_qtr meddg meddialog_zh medical_books_zh medqa_zh
tcm_literature_qa tcm_ner tcm_sd_tc text2dt webmedqa xywy_disease
""")
PAPER = [*ENGLISH, *CHINESE]


def ids(folder: str) -> list[str]:
    return sorted(id_ for id_ in REGISTRY if REGISTRY.path(id_).parent.name == folder)


def test_the_registry_has_exactly_the_rows_of_the_paper() -> None:
    assert (len(ENGLISH), len(CHINESE)) == (102, 38)
    assert ids("en") == ENGLISH
    assert ids("zh") == CHINESE


def test_further_datasets_are_kept_apart() -> None:
    assert {"gsm8k", "belle_cot_cn"} <= set(ids("general"))
    assert {"drugcomb", "ddi13", "medqa_zh_5options"} <= set(ids("extra"))
    assert set(REGISTRY) == {*PAPER, *ids("general"), *ids("extra")}


@pytest.mark.parametrize("id_", PAPER)
def test_each_says_who_may_use_it_how_it_is_got_and_how_large_it_is(id_: str) -> None:
    spec = REGISTRY[id_]
    assert "biomedical" in spec.tags
    assert spec.expect.records or spec.expect.paper
    assert spec.source.files or spec.source.hub or spec.source.manual
    if spec.access != "open":
        assert spec.source.manual, "how is it got?"
    if spec.access == "dua":
        assert spec.license.redistributable is False


@pytest.mark.parametrize("id_", list(REGISTRY))
def test_names_in_the_release_are_of_tasks_that_the_dataset_has(id_: str) -> None:
    assert {name.task for name in REGISTRY[id_].taiyi} <= set(REGISTRY[id_].tasks)


def test_every_task_is_served_and_both_languages_have_most() -> None:
    by_language: dict[str, set[str]] = {"en": set(), "zh": set()}
    for spec in REGISTRY.values():
        for language in spec.language.split("-"):
            by_language[language] |= set(spec.tasks)
    assert by_language["en"] | by_language["zh"] == set(TASKS)
    assert len(by_language["en"] & by_language["zh"]) >= 12


@pytest.mark.parametrize(("stage", "rows", "datasets"), [(1, 500, 100), (2, 1000, 130)])
def test_a_fresh_machine_builds_from_the_samples(
    stage: int, rows: int, datasets: int, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build(REGISTRY, find_recipe(f"stage{stage}", [ROOT]), tmp_path / "data", out, samples=True)
    columns = ["id", "dataset", "language", "task", "origin"]
    table = pq.read_table(out / "data", columns=columns).to_pydict()
    assert len(table["id"]) >= rows
    assert len(set(table["dataset"])) >= datasets
    assert min(Counter(table["language"])[language] for language in ("en", "zh")) >= rows // 8
    assert set(table["origin"]) == {"sample"}
    if stage == 2:
        assert set(table["task"]) == set(TASKS)
    else:
        assert {"qa_sqa", "qa_cqa", "mrd"} >= set(TASKS) - set(table["task"])
