"""Tokens and n-grams of many texts at once, and what sketches of them say."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.curate.grams import BATCH_CHARS, batches, contains, tokenise
from taiyi_corpus.curate.near import exact_duplicates, near_duplicates
from taiyi_corpus.curate.sketch import SLOTS, agreement, sketches
from taiyi_corpus.curate.words import cut

TEXTS = st.lists(
    st.text(st.sampled_from("aB1 ,.\n糖尿é\u0301（Ｂ"), max_size=30), min_size=1, max_size=6
)


def pieces(text: str) -> list[str]:
    tokens = tokenise([text])
    return [tokens.text(at, at + 1) for at in range(len(tokens.hashes))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CD4+ cells, p53", ["CD4", "+", "cells", ",", "p53"]),
        ("糖尿病2型", ["糖", "尿", "病", "2", "型"]),
        ("Ｂ型　β-Blocker", ["B", "型", "β", "-", "Blocker"]),
        (" \t\n", []),
    ],
)
def test_tokens(text: str, wanted: list[str]) -> None:
    assert pieces(text) == wanted


def test_chinese_words_are_cut_on_request_and_nothing_else_is() -> None:
    words = cut(tokenise(["糖尿病患者，口服 insulin 治疗。", "", "Type 2 diabetes"]).words())
    said = [words.text(at, at + 1) for at in range(len(words.hashes))]
    assert said == ["糖尿病", "患者", "口服", "insulin", "治疗", "Type", "2", "diabetes"]
    assert words.bounds.tolist() == [0, 5, 5, 8]
    assert len(cut(tokenise(["?", ""]).words()).hashes) == 0
    alone = cut(tokenise(["患者"]).words())
    assert alone.hashes.tolist() == [words.hashes[1]]


def test_blanks_width_and_case_make_no_other_text_and_marks_do() -> None:
    same = tokenise(["Ｈello, World", "hello ,\n world", "hello world", ""]).wholes().tolist()
    assert same[0] == same[1] != same[2]
    assert same[3] == 0
    words = tokenise(["hello, world", "hello world"]).words().wholes().tolist()
    assert words[0] == words[1]


def test_the_language_of_a_text_is_that_of_most_of_its_words() -> None:
    assert tokenise(["糖尿病 insulin", "insulin 和 glucose", "", "糖"]).chinese().tolist() == [
        True,
        False,
        False,
        True,
    ]


@given(texts=TEXTS)
def test_a_text_has_the_same_hashes_alone_and_among_others(texts: list[str]) -> None:
    together = tokenise(texts)
    grams, _, bounds = together.grams(2)
    for number, text in enumerate(texts):
        alone = tokenise([text])
        assert alone.wholes()[0] == together.wholes()[number]
        assert alone.grams(2)[0].tolist() == grams[bounds[number] : bounds[number + 1]].tolist()


@given(texts=TEXTS)
def test_n_grams_are_equal_exactly_where_their_tokens_are(texts: list[str]) -> None:
    tokens = tokenise(texts)
    grams, first, bounds = tokens.grams(3)
    said = [
        tuple(tokens.text(at + k, at + k + 1).lower() for k in range(3)) for at in first.tolist()
    ]
    assert len({*zip(said, grams.tolist(), strict=True)}) == len({*said}) == len({*grams.tolist()})
    assert np.diff(bounds).tolist() == [max(0, size - 2) for size in tokens.sizes().tolist()]


def test_batches_cover_all_texts_once() -> None:
    texts = ["x" * (BATCH_CHARS // 3)] * 7
    assert [at for piece in batches(texts) for at in range(piece.start, piece.stop)] == list(
        range(7)
    )
    assert len(list(batches(texts))) > 1
    assert list(batches([])) == []


def test_membership_in_a_sorted_table() -> None:
    table = np.array([3, 5, 9], dtype=np.uint64)
    assert contains(np.array([0, 5, 9, 10], dtype=np.uint64), table).tolist() == [
        False,
        True,
        True,
        False,
    ]
    assert contains(np.array([1], dtype=np.uint64), table[:0]).tolist() == [False]


# --- sketches ---------------------------------------------------------------------------------


def test_agreement_estimates_jaccard_similarity() -> None:
    draw = random.Random(5)
    words = [f"w{n}" for n in range(10_000)]
    texts, truth = [], []
    for share in (0.2, 0.5, 0.8):
        for _ in range(60):
            a = draw.sample(words, 300)
            b = a[: int(300 * 2 * share / (1 + share))]
            texts += [" ".join(a), " ".join(b + draw.sample(words, 300 - len(b)))]
            truth.append(share)
    _, found = sketches(texts, 1, 1)
    guess = agreement(found, np.arange(0, len(texts), 2), np.arange(1, len(texts), 2))
    for share in (0.2, 0.5, 0.8):
        assert abs(float(guess[np.array(truth) == share].mean()) - share) < 0.02


def test_short_texts_have_no_sketch_and_are_no_near_duplicates() -> None:
    _, found = sketches(["one two three four five six", "one two three four five six"], 5, 20)
    assert not found.any()
    spaces, rank = np.ones(2, np.uint64), np.arange(2)
    assert near_duplicates(found, spaces, rank, 0.3).tolist() == [-1, -1]


def test_the_better_ranked_stays_and_spaces_are_apart() -> None:
    text = " ".join(f"w{n}" for n in range(50))
    _, found = sketches([text, text + " more", text + " else"], 5, 20)
    rank = np.array([2, 0, 1])
    assert near_duplicates(found, np.ones(3, np.uint64), rank, 0.5).tolist() == [1, -1, 1]
    assert near_duplicates(found, np.array([1, 2, 1], np.uint64), rank, 0.5).tolist() == [2, -1, -1]
    assert near_duplicates(found, np.array([0, 0, 0], np.uint64), rank, 0.5).tolist() == [
        -1,
        -1,
        -1,
    ]
    assert found.shape == (3, SLOTS)


def test_a_chain_of_small_changes_is_not_followed_to_another_text() -> None:
    words = [f"w{n}" for n in range(60)]
    chain = [" ".join([*(f"x{n}" for n in range(at)), *words[at:]]) for at in range(0, 61, 6)]
    _, found = sketches(chain, 5, 20)
    of = near_duplicates(found, np.ones(len(chain), np.uint64), np.arange(len(chain)), 0.5)
    assert of[1] == 0
    assert of[-1] != 0
    assert (of == -1).sum() > 1


def test_equal_keys_keep_the_best_ranked() -> None:
    keys = np.array([7, 0, 7, 8, 0, 7], dtype=np.uint64)
    assert exact_duplicates(keys, np.array([3, 1, 2, 4, 5, 0])).tolist() == [5, -1, 5, -1, -1, -1]
