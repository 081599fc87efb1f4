"""What a test split that is not drawn from takes out of `train`, in its own dataset and in others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taiyi_corpus.curate.curated import Batch
from taiyi_corpus.curate.twins import SHORTEST, drop_twins
from taiyi_corpus.schema.record import Record
from tests.curate.made import answered, record
from tests.curate.world import World

ABSTRACT = "Aspirin lowers fever in most patients, and it rarely harms the stomach of an adult."
PAPER = {"document_ns": "pmid", "document_id": "7"}


def held(folder: Path, *records: Record, of: str = "second") -> list[Batch]:
    return World(folder / of).add(of, *records, split="test").curated()


def train(folder: Path, *records: Record, split: str = "train") -> list[Batch]:
    return World(folder / "first").add("first", *records, split=split).curated()


@pytest.fixture(autouse=True)
def folders(tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()


def dropped(batches: list[Batch]) -> dict[str, str]:
    """Record -> what the ledger says of it, of all that was dropped."""
    (batch,) = batches
    drops = batch.curated.drops
    assert len(batch.curated.keep) - int(batch.curated.keep.sum()) == len(drops)
    assert {drop.reason for drop in drops} <= {"heldout_twin"}
    return {drop.id.rpartition("/")[2]: drop.detail for drop in drops}


@pytest.mark.parametrize("other", ["first", "second"])
def test_an_abstract_of_two_corpora_leaves_the_train_of_one_where_the_other_tests_on_it(
    tmp_path: Path, other: str
) -> None:
    """The other corpus has another sentence of it; nothing but the document is the same."""
    mine = train(tmp_path, record("1", text="It lowers fever.", **PAPER), record("2", text="Else."))
    drop_twins(mine, held(tmp_path, record("9", text="It harms nobody.", **PAPER), of=other))
    assert dropped(mine) == {"1": f"{other}/test: {other}/test/9"}
    assert mine[0].curated.leaks == {f"{other}/test": 1}


def test_an_abstract_that_states_no_identity_is_known_by_its_text(tmp_path: Path) -> None:
    mine = train(tmp_path, record("1", text=ABSTRACT, **PAPER), record("2", text=ABSTRACT[1:]))
    drop_twins(mine, held(tmp_path, record("9", text=ABSTRACT.replace(" ", "  ").upper())))
    assert set(dropped(mine)) == {"1"}


def test_a_paper_is_known_by_another_name_where_any_record_gives_both(tmp_path: Path) -> None:
    both = record("2", text="Both.", extra=json.dumps({"pmcid": "PMC5"}), **PAPER)
    mine = train(tmp_path, record("1", text="One.", **PAPER), both, record("3", text="Else."))
    test = record("9", text="Other.", document_ns="pmcid", document_id="5")
    drop_twins(mine, held(tmp_path, test))
    assert set(dropped(mine)) == {"1", "2"}


def test_what_is_said_in_few_words_is_no_document(tmp_path: Path) -> None:
    long = " ".join(ABSTRACT.split()[:SHORTEST])
    short = long.rpartition(" ")[0]
    mine = train(tmp_path, record("1", text=long), record("2", text=short), record("3", text=""))
    drop_twins(
        mine, held(tmp_path, *(record(key, text=t) for key, t in (("8", long), ("9", short))))
    )
    assert set(dropped(mine)) == {"1"}


def test_a_question_is_the_same_with_its_answer(tmp_path: Path) -> None:
    mine = train(tmp_path, answered("1", ABSTRACT, "Yes."), answered("2", ABSTRACT, "No."))
    drop_twins(mine, held(tmp_path, answered("9", ABSTRACT, "Yes.")))
    assert set(dropped(mine)) == {"1"}


def test_only_train_gives_way(tmp_path: Path) -> None:
    mine = train(tmp_path, record("1", text=ABSTRACT), split="validation")
    drop_twins(mine, held(tmp_path, record("9", text=ABSTRACT)))
    assert dropped(mine) == {}


def test_every_test_split_that_has_it_is_named_once(tmp_path: Path) -> None:
    mine = train(tmp_path, record("1", text=ABSTRACT, **PAPER))
    tests = [
        *held(tmp_path, record("9", text="a", **PAPER), record("8", text="b", **PAPER)),
        *held(tmp_path, record("7", text="c", **PAPER), of="third"),
    ]
    drop_twins(mine, tests)
    assert dropped(mine) == {"1": "second/test, third/test: second/test/9"}
    assert mine[0].curated.leaks == {"second/test": 1, "third/test": 1}


def test_what_went_already_is_no_twin(tmp_path: Path) -> None:
    mine = train(tmp_path, record("1", text=ABSTRACT))
    mine[0].curated.keep[:] = False
    drop_twins(mine, held(tmp_path, record("9", text=ABSTRACT)))
    assert mine[0].curated.drops == []
