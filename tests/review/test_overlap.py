"""Documents in common: by identity, by sentences, and the families that are known to share texts."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.review.open import records, stored
from taiyi_corpus.review.overlap import Overlap, content, overlaps, share
from taiyi_corpus.schema.record import Record, Turn
from taiyi_corpus.spec.registry import load_registry

REGISTRY = load_registry([paths.bundled("registry")])
SENTENCE = "The receptor binds the ligand of the second chain with a high affinity."


def record(text: str | None = None, document: str | None = None, **parts: object) -> Record:
    return Record(
        id="a/train/0",
        dataset="a",
        split="train",
        language="en",
        origin="sample",
        license="none",
        text=text,
        document_ns="pmid" if document else None,
        document_id=document,
        **parts,  # type: ignore[arg-type]
    )


def common(a: Record, b: Record) -> set[int]:
    return set(content([a]).sentences) & set(content([b]).sentences)


def test_a_document_counts_once_however_many_records_it_has() -> None:
    assert len(content([record("A.", "1"), record("B.", "1"), record("C.", "2")]).documents) == 2


@pytest.mark.parametrize(
    "other",
    [
        "The receptor binds the ligand of the second chain with a high affinity .",
        f"Background\nWe show this. {SENTENCE} Nothing more is known.",
        SENTENCE.upper(),
    ],
    ids=["tokenised", "inside a document", "in capitals"],
)
def test_a_sentence_is_known_by_its_words(other: str) -> None:
    assert common(record(SENTENCE), record(other))


def test_a_short_sentence_is_passed_over() -> None:
    assert not len(content([record("No difference was found.")]).sentences)


def test_chinese_sentences_and_turns_count_too() -> None:
    said = "我最近一个月总是感觉头晕乏力，晚上睡眠也不好，早上起来的时候还会觉得恶心想吐，请问这是什么原因引起的呢？"
    turns = [Turn("user", said + "谢谢。"), Turn("assistant", "您好。")]
    assert common(record(said), record(turns=turns))


def test_a_share_is_that_of_the_smaller_dataset() -> None:
    assert share(Overlap("a", "b", 5, (100, 10), 2, (1000, 20))) == 0.5
    assert share(Overlap("a", "b", 0, (0, 10), 0, (0, 0))) == 0.0


def test_the_forms_of_one_source_overlap_in_their_samples(tmp_path: Path) -> None:
    ids = ["imcs_v2_ner", "imcs_v2_sr", "gsm8k"]
    [pair] = overlaps(REGISTRY, ids, tmp_path, samples=True)
    assert (pair.first, pair.second) == ("imcs_v2_ner", "imcs_v2_sr")


EARLIER_THAN_BIORED = (
    "bc5cdr", "gnormplus", "ncbi_disease", "nlm_gene", "tmvar_v1", "tmvar_v2", "tmvar_v3",
)  # fmt: skip
# Pairs that only the words tell: JNLPBA counts MEDLINE numbers, ddi13 has none.
FAMILIES = {
    "GENIA": combinations(
        ("bionlp_shared_task_2009", "bionlp_st_2011_ge", "bionlp_st_2011_rel", "genia_relation_corpus", "jnlpba"), 2
    ),
    "GENIA's modifications of proteins": [("bionlp_st_2011_epi", "genia_ptm_event_corpus")],
    "tmVar": combinations(("tmvar_v1", "tmvar_v2", "tmvar_v3"), 2),
    "BioRED over earlier sets": [("biored", earlier) for earlier in EARLIER_THAN_BIORED],
    "protein interactions": [("aimed", "bioinfer"), ("aimed", "hprd50")],
    "drug interactions": [("ddi13", "ddi_corpus")],
    "IMCS": combinations(("imcs_v2_dac", "imcs_v2_mrg", "imcs_v2_ner", "imcs_v2_sr"), 2),
}  # fmt: skip


@pytest.fixture(scope="module")
def in_samples(tmp_path_factory: pytest.TempPathFactory) -> dict[frozenset[str], Overlap]:
    found = overlaps(REGISTRY, list(REGISTRY), tmp_path_factory.mktemp("data"), samples=True)
    return {frozenset((pair.first, pair.second)): pair for pair in found}


@pytest.mark.parametrize(
    "pair", [pytest.param(pair, id=f"{family}: {' '.join(pair)}")
             for family, pairs in FAMILIES.items() for pair in pairs],
)  # fmt: skip
def test_the_samples_show_each_family(
    pair: tuple[str, str], in_samples: dict[frozenset[str], Overlap]
) -> None:
    shared = in_samples[frozenset(pair)]
    assert shared.sentences if {"jnlpba", "ddi13"} & set(pair) else shared.documents


PROTEIN_INTERACTIONS = ("aimed", "bioinfer", "hprd50", "iepa", "lll")
APART = [
    pair for pair in combinations(PROTEIN_INTERACTIONS, 2) if {"iepa", "lll"} & set(pair)
]  # the whole releases share no abstract and no sentence


@pytest.mark.parametrize("id_", PROTEIN_INTERACTIONS)
def test_each_protein_interaction_set_names_its_documents_by_pmid(id_: str, tmp_path: Path) -> None:
    """So that what two of them share comes out, and what they do not share is no gap of ours."""
    found = list(records(stored(REGISTRY, id_, tmp_path, samples=True)[1]))
    assert {one.document_ns for one in found} == {"pmid"}
    assert all(one.document_id and one.document_id.isdecimal() for one in found)


@pytest.mark.parametrize("pair", APART, ids="-".join)
def test_the_samples_share_no_more_than_their_sources(
    pair: tuple[str, str], in_samples: dict[frozenset[str], Overlap]
) -> None:
    assert frozenset(pair) not in in_samples


@pytest.mark.real_data
def test_protein_interaction_sets_at_hand_share_what_their_releases_do(data_dir: Path) -> None:
    there = [id_ for id_ in PROTEIN_INTERACTIONS if (data_dir / id_).is_dir()]
    assert {"bioinfer", "iepa", "lll"} <= set(there)
    for id_ in there:
        found = records(stored(REGISTRY, id_, data_dir)[1])
        assert {one.document_ns for one in found} == {"pmid"}
    shared = {frozenset((p.first, p.second)) for p in overlaps(REGISTRY, there, data_dir)}
    assert not shared & {frozenset(pair) for pair in APART}


def test_what_overlaps_in_the_samples_says_so(
    in_samples: dict[frozenset[str], Overlap],
) -> None:
    silent = [
        (pair.first, pair.second)
        for pair in in_samples.values()
        if pair.second not in REGISTRY[pair.first].shares_source_with
    ]
    assert silent == []


# Of the families that are known to share texts, those of which the released files at hand hold common documents.
BY_ID = [
    ("bionlp_shared_task_2009", "bionlp_st_2011_rel"),
    ("bionlp_shared_task_2009", "bionlp_st_2011_ge"),
    ("bionlp_st_2011_ge", "bionlp_st_2011_rel"),
    ("bionlp_st_2011_ge", "bionlp_st_2013_ge"),
    ("anat_em", "bionlp_st_2013_cg"),
    ("an_em", "anat_em"),
]
BY_TEXT = [
    ("tmvar_v1", "tmvar_v3"),
    ("ddi13", "ddi_corpus"),
]  # the copies at hand carry no identity


@pytest.mark.real_data
def test_known_families_come_out(data_dir: Path) -> None:
    ids = sorted({id_ for pair in BY_ID + BY_TEXT for id_ in pair})
    found = {frozenset((p.first, p.second)): p for p in overlaps(REGISTRY, ids, data_dir)}
    assert all(found[frozenset(pair)].documents for pair in BY_ID)
    assert all(found[frozenset(pair)].sentences for pair in BY_ID + BY_TEXT)
    strangers = {pair for pair in found if "ddi13" in pair} - {frozenset(BY_TEXT[1])}
    assert not strangers
