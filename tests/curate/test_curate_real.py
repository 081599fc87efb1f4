"""Families of datasets that share abstracts are found on released files, and benchmarks are kept out of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from taiyi_corpus import api, paths
from taiyi_corpus.curate.compared import documents, unit
from taiyi_corpus.curate.curated import Batch
from taiyi_corpus.curate.duplicates import drop_repeats, priorities
from taiyi_corpus.curate.grams import contains, tokenise
from taiyi_corpus.curate.leaks import find_leaks, suspect
from taiyi_corpus.curate.part import CurateJob, curate_part
from taiyi_corpus.curate.protected import Lengths, index_of, item_of, load
from taiyi_corpus.curate.twins import SHORTEST
from taiyi_corpus.engine.local import Pool
from taiyi_corpus.normalise.store import Part, StoredDataset, read_part
from taiyi_corpus.pipeline.build import choose
from taiyi_corpus.pipeline.shield import find_shield, index_folder
from taiyi_corpus.review.open import stored
from taiyi_corpus.schema.arrow import from_table
from taiyi_corpus.schema.record import Record
from taiyi_corpus.sources.locate import form, locate
from taiyi_corpus.spec.curation import Curation, Protect
from taiyi_corpus.spec.recipe import find_recipe

pytestmark = pytest.mark.real_data

# Documents or texts that the files at hand share; of whole releases there are more.
FAMILIES = {
    ("bionlp_shared_task_2009", "bionlp_st_2011_ge"): 22,
    ("bionlp_shared_task_2009", "bionlp_st_2011_rel"): 44,
    ("bionlp_st_2011_ge", "bionlp_st_2011_rel"): 22,
    ("bionlp_st_2011_ge", "bionlp_st_2013_ge"): 14,
    ("tmvar_v1", "tmvar_v3"): 11,
    ("an_em", "anat_em"): 7,
    ("anat_em", "bionlp_st_2013_cg"): 4,
    ("hallmarks_of_cancer", "bionlp_st_2013_cg"): 1,
}
# Families whose heads at hand share nothing: what one has is planted in a test split of the other.
APART = [("ddi_corpus", "ddi13"), ("biosses", "medmentions"), ("medmentions", "biosses")]


def dataset(id_: str, data: Path) -> StoredDataset:
    return stored(api.registry(), id_, data)[1]


def records(parts: list[Part]) -> list[Record]:
    return [record for part in parts for record in from_table(read_part(part.path))]


def curated(ids: Sequence[str], data: Path) -> list[Batch]:
    registry = api.registry()
    return [
        Batch(id_, curate_part(CurateJob(part, registry[id_], Curation())))
        for id_ in ids
        for part in dataset(id_, data).parts
    ]


def test_families_are_known_by_their_documents_or_texts(data_dir: Path) -> None:
    ids = sorted({id_ for pair in FAMILIES for id_ in pair})
    registry = api.registry()
    ranks = priorities({id_: registry[id_] for id_ in ids}, [], [])
    shared = drop_repeats(curated(ids, data_dir), ranks, Curation(), Pool(1).run).shared
    assert {pair: shared.get(pair[0], {}).get(pair[1], 0) for pair in FAMILIES} == FAMILIES


@pytest.mark.parametrize("pair", APART, ids="-".join)
def test_families_whose_files_at_hand_share_nothing_are_known_where_planted(
    pair: tuple[str, str], data_dir: Path
) -> None:
    registry, mine = api.registry(), records(dataset(pair[0], data_dir).parts)
    ranks = priorities({id_: registry[id_] for id_ in pair}, [], [])
    assert drop_repeats(curated(pair, data_dir), ranks, Curation(), Pool(1).run).shared == {}
    # One sentence, or one of two, stands in the other's test split: known by a run of its words.
    long = [record for record in mine if len(_sentence(record).split()) >= 15][:3]
    planted = [
        Record(id=f"{pair[1]}/test/{n}", dataset=pair[1], split="test", language="en", origin="raw", license="",
               text=f"As was said, {_sentence(record)} Which is so.")
        for n, record in enumerate(long)
    ]  # fmt: skip
    index = index_of([(pair[1], map(item_of, planted))], Lengths())
    leaks = find_leaks([suspect(record) for record in mine], index)
    assert {record.id for record in long} <= {mine[leak.row].id for leak in leaks}
    assert {leak.reason for leak in leaks} == {"leak_ngram"}
    for leak in leaks:
        assert leak.matched.split()[0] in " ".join(suspect(mine[leak.row]).stretches)


def _sentence(record: Record) -> str:
    return max((record.text or record.text_a or "").split(". "), key=len)


@pytest.mark.parametrize(
    "id_", ["medmentions", "biosses", "ddi13", "tmvar_v3", "bionlp_st_2011_ge"]
)
def test_every_text_of_a_dataset_is_found_in_itself(id_: str, data_dir: Path) -> None:
    found = records(dataset(id_, data_dir).parts)
    index = index_of([(id_, map(item_of, found))], Lengths())
    assert len(find_leaks([suspect(record) for record in found], index)) == len(found)


@pytest.mark.slow
def test_no_train_record_shares_a_document_or_thirteen_words_with_a_test_set(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every test split at hand protected: what stays has no document id and no n-gram of any, by plain sets."""
    monkeypatch.setenv(paths.CACHE, str(tmp_path))
    registry = api.registry()
    tests = [
        f"{id_}/test"
        for id_, spec in registry.items()
        if "test" in form(locate(spec, data_dir / id_)).splits and (data_dir / id_).is_dir()
    ]
    shield = find_shield(registry, Protect(also=tests), data_dir, "raw")
    folder = index_folder(shield)
    assert folder is not None
    index = load(folder)
    protected_ids = {
        (r.document_ns, r.document_id)
        for pairs in shield.splits.values()
        for id_, split in pairs
        for r in records([p for p in dataset(id_, data_dir).parts if p.split == split])
        if r.document_id
    }
    removed = 0
    for id_ in shield.located:
        if shield.located[id_].state == "absent":
            continue
        there = dataset(id_, data_dir)
        splits = form(shield.located[id_]).splits
        parts = [
            part for part in there.parts if part.split == "train" and not splits["train"].benchmark
        ]
        for part in parts:
            curated = curate_part(CurateJob(part, registry[id_], Curation(), folder))
            removed += sum(curated.leaks.values())
            stays = [r for r, keep in zip(records([part]), curated.keep, strict=True) if keep]
            assert not [r for r in stays if (r.document_ns, r.document_id) in protected_ids]
            for record in stays:
                for text in (
                    record.text,
                    record.context,
                    record.question,
                    record.source,
                    record.text_a,
                    record.text_b,
                ):
                    for kind, n in (("grams_en", 13), ("grams_zh", 20)):
                        grams, _, _ = tokenise([text or ""]).words().grams(n)
                        assert not contains(grams, np.asarray(index.hashes[kind])).any()
    assert removed


@pytest.mark.slow
def test_no_train_record_of_a_mix_is_a_document_of_its_test_splits(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By plain sets of names and words; what goes is told with its reason."""
    monkeypatch.setenv(paths.CACHE, str(tmp_path))
    registry = api.registry()
    recipe = find_recipe("stage2", [paths.bundled("registry")])
    mixed = choose(registry, recipe, data_dir).gathered
    names: set[str] = set()
    texts: set[str] = set()
    for one in mixed:
        said = form(one.located).splits.get("test")
        if said is not None and not said.unprotected:
            for record in records([part for part in one.stored.parts if part.split == "test"]):
                names.update(documents(record))
                words = unit(record).lower().split()
                texts.update([" ".join(words)] if len(words) >= SHORTEST else [])
    gone: dict[str, int] = {}
    for one in mixed:
        for curated in one.curated:
            found = records([curated.part])
            stays = [r for r, keep in zip(found, curated.keep, strict=True) if keep]
            assert not [r.id for r in stays if names & set(documents(r))]
            assert not [r.id for r in stays if " ".join(unit(r).lower().split()) in texts]
            if went := sum(drop.reason == "heldout_twin" for drop in curated.drops):
                gone[one.spec.id] = went
    assert gone == {"multi_xscience": 2, "scifact": 1}  # of 6,558; each by its own test split
