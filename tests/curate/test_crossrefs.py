"""One paper under several names: known by any of them, over all datasets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from taiyi_corpus.curate.compared import document_hash, documents, documents_in
from taiyi_corpus.curate.crossrefs import Names, links
from taiyi_corpus.curate.namesakes import drop_namesakes
from taiyi_corpus.curate.protected import Index, Lengths, index_of, item_of
from taiyi_corpus.schema.record import Record
from tests.curate.made import record
from tests.curate.world import World

NOTHING = {"duplicates": {"exact": False}}


def paper(key: str, ns: str, id_: str, **others: str) -> Record:
    extra = json.dumps(others) if others else None
    return record(key, text=f"Text {key}.", document_ns=ns, document_id=id_, extra=extra)


def names(*records: Record) -> Names:
    return Names([links(documents(one) for one in records)])


def same(known: Names, one: str, other: str) -> bool:
    a, b = known.one_name(np.array([document_hash(one), document_hash(other)], np.uint64)).tolist()
    return bool(a == b)


@pytest.mark.parametrize(
    "row",
    [
        {"pmid": 7, "pmcid": "PMC8.1", "doi": "https://doi.org/10.1/X"},
        {"PubMed_ID": "7", "pmc": "8", "DOI": "10.1/x"},
        {"article-id_pmid": "7", "article-id_pmc": "8", "article-id_doi": "10.1/x", "pages": "3-4"},
    ],
)
def test_a_row_names_its_document_as_sources_do(row: dict[str, object]) -> None:
    assert documents_in(row) == ["pmid:7", "pmcid:8", "doi:10.1/x"]


def test_names_are_joined_over_any_number_of_records() -> None:
    known = names(
        paper("1", "pmid", "1", doi="10.1/a"),
        paper("2", "pmcid", "PMC2", doi="10.1/a"),
        paper("3", "pmid", "9", doi="10.1/b"),
    )
    assert same(known, "pmid:1", "pmcid:2")
    assert not same(known, "pmid:1", "pmid:9")
    assert not same(known, "pmid:1", "pmid:77")


def test_a_trial_is_no_name_of_a_paper_and_neither_is_a_journal() -> None:
    trial = names(paper("1", "pmid", "1", nct="NCT1"), paper("2", "pmid", "2", nct="NCT1"))
    assert not same(trial, "pmid:1", "pmid:2")
    journal = names(*(paper(str(n), "pmid", str(n), doi="10.1/journal") for n in range(5)))
    assert not same(journal, "pmid:1", "pmid:2")


def index(*protected: Record) -> Index:
    return index_of([("test", [item_of(one) for one in protected])], Lengths())


@pytest.mark.parametrize("knows", ["third", "protected", "own"])
def test_a_paper_is_protected_by_the_names_that_any_dataset_gives_it(
    tmp_path: Path, knows: str
) -> None:
    both = {"doi": "10.1/a"}
    world = World(tmp_path, **NOTHING)
    world.add(
        "toy", paper("1", "pmid", "1", **(both if knows == "own" else {})), paper("2", "pmid", "2")
    )
    if knows == "third":
        world.add("third", paper("3", "doi", "10.1/a", pmid="1", pmcid="PMC5"))
    batches = world.curated()
    target = {"pmid": "1", "pmcid": "5"} if knows == "protected" else {"pmcid": "5"}
    drop_namesakes(batches, index(paper("t", "doi", "10.1/a", **target)))
    toy = batches[0].curated
    assert toy.keep.tolist() == [False, True]
    (drop,) = toy.drops
    assert (drop.id, drop.reason) == ("toy/train/1", "leak_document")
    assert drop.detail == "test: toy/train/t: pmid:1"
    assert toy.leaks == {"test": 1}


def test_a_paper_held_out_under_another_name_leaves_train(tmp_path: Path) -> None:
    world = World(tmp_path, **NOTHING).add("toy", paper("1", "pmid", "1"), paper("2", "pmid", "2"))
    world.add("other", paper("3", "pmcid", "PMC5"), split="validation")
    assert world.drops() == set()
    world.add("third", paper("4", "pmid", "1", pmcid="5"))
    assert world.drops() == {
        ("toy/train/1", "heldout_twin"),
        ("third/train/4", "heldout_twin"),
    }
    shared = world.repeats(world.curated()).shared
    assert shared["toy"] == {"other": 1, "third": 1}
