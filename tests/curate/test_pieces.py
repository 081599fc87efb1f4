"""One look at the pieces of records tells what a look at each of their texts tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.curate import compared, pieces
from taiyi_corpus.curate.grams import contains, tokenise
from taiyi_corpus.curate.leaks import find_leaks, may_be_protected, suspect
from taiyi_corpus.curate.looked import look
from taiyi_corpus.curate.pieces import pieces_of
from taiyi_corpus.curate.protected import Lengths, index_of, item_of
from taiyi_corpus.curate.sieve import Sieve
from taiyi_corpus.curate.sketch import sketches
from taiyi_corpus.schema.record import Answer, Choice, Record, Turn
from taiyi_corpus.spec.curation import Duplicates
from tests.curate.made import record

TEXT = st.text(st.sampled_from("aB ,\n糖\u0301（１"), max_size=8)
PARTS = st.fixed_dictionaries({}, optional={
    **dict.fromkeys(("text", "context", "question", "source", "target", "text_a", "text_b", "rationale"), TEXT),
    "labels": st.lists(TEXT, max_size=2),
    "answers": st.lists(TEXT.map(lambda text: Answer(text=text)), max_size=2),
    "choices": st.lists(TEXT.map(lambda text: Choice("A", text)), max_size=2),
    "turns": st.lists(TEXT.map(lambda text: Turn("user", text)), max_size=3),
})  # fmt: skip
RECORDS = st.lists(PARTS, min_size=1, max_size=5).map(
    lambda drawn: [record(str(number), **parts) for number, parts in enumerate(drawn)]
)
NEAR = Duplicates(near=0.5, shingle=2, least=2)


@given(RECORDS)
def test_hashes_words_and_sketches_are_those_of_the_unit(records: list[Record]) -> None:
    looked = look(records, NEAR, None)
    units = [compared.unit(one) for one in records]
    wholes, sketched = sketches(units, 2, 2)
    assert looked.wholes.tolist() == wholes.tolist()
    assert looked.words.tolist() == tokenise(units).words().sizes().tolist()
    assert (looked.sketches == sketched).all()
    assert not looked.suspects.any()
    assert look(records, Duplicates(), None).sketches.shape[0] == 0


def test_it_does_not_matter_how_many_are_tokenised_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [record(str(n), text=f"some words and {n % 3}", context="x") for n in range(7)]
    index = index_of([("bench", [item_of(records[1])])], Lengths(3, 3, 10))
    together = look(records, NEAR, index)
    monkeypatch.setattr(pieces, "BATCH_CHARS", 30)
    apart = look(records, NEAR, index)
    for name in together.__struct_fields__:
        assert getattr(apart, name).tolist() == getattr(together, name).tolist()
    assert look([], NEAR, index).wholes.tolist() == []


@given(RECORDS, RECORDS)
def test_every_record_with_a_leak_is_a_suspect(records: list[Record], held: list[Record]) -> None:
    index = index_of([("bench", [item_of(one) for one in held])], Lengths(2, 2, 10))
    suspects = look(records, NEAR, index).suspects
    leaks = find_leaks([suspect(one) for one in records], index)
    assert {leak.row for leak in leaks} <= set(np.flatnonzero(suspects).tolist())


def test_what_shares_nothing_is_no_suspect() -> None:
    held = item_of(record("1", text="one two three", document_ns="pmid", document_id="7"))
    index = index_of([("bench", [held])], Lengths(3, 3, 10))
    records = [
        record("1", text="two three four"),
        record("2", question="zero one", answers=[Answer(text="two three")]),
        record("3", context="so one two three."),
    ]
    assert look(records, NEAR, index).suspects.tolist() == [False, True, True]
    named = [["pmid:7"], [], ["doi:7", "pmid:7"], ["pmid:8"]]
    assert may_be_protected(named, index).tolist() == [True, False, True, False]


def test_pieces_hold_all_texts_that_may_leak() -> None:
    texts = ("text", "context", "source", "target", "text_a", "text_b", "rationale")
    whole: dict[str, Any] = {name: name for name in texts} | {
        "question": "question",
        "choices": [Choice("A", "choice")],
        "answers": [Answer(text="answer")],
        "turns": [Turn("user", "turn")],
    }
    made, _, _ = pieces_of(record("1", **whole))
    said = "\n".join(compared.stretches(record("1", **whole))).split("\n")
    assert sorted(made) == sorted(said)


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.lists(st.integers(0, 2**64 - 1)))
def test_a_sieve_lets_through_what_its_table_holds(table: list[int], others: list[int]) -> None:
    known = np.array(sorted(table), np.uint64)
    values = np.array([*table[::2], *others], np.uint64)
    assert Sieve(known).places(values).tolist() == np.flatnonzero(contains(values, known)).tolist()
