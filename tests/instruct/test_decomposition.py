"""Which labels a question shows: all, some, one, at most so many; the gold always among them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from taiyi_corpus.instruct.ask import Ask, Candidate
from taiyi_corpus.instruct.render import render
from taiyi_corpus.instruct.similarity import alikeness, by_alikeness
from taiyi_corpus.schema.record import Choice, Record
from taiyi_corpus.spec.recipe import Recipe
from tests.instruct.asking import marked, only, outcome, question_record, record, setting
from tests.toys import dataset

SUBSET = {"ner": {"all_types": 0.0, "subset": 1.0}}
TYPES = {f"T{n}": {"en": f"type {n}", "zh": f"类型{n}"} for n in range(6)}
CLASSES = {f"C{n}": {"en": f"syndrome {n // 10} of {n}", "zh": f"证候{n}"} for n in range(148)}
MANY_CLASSES = dataset(labels={"classes": CLASSES})


def text_of(n: int, types: str = "T0 T1") -> Record:
    made = marked(" and ".join(f"[x{type_}|{type_}]" for type_ in types.split()))
    return record(str(n), text=made.text, entities=made.entities)


def subsets(count: int = 200, **recipe: object) -> list[Ask]:
    at = setting(dataset(labels={"entities": TYPES}), expand=SUBSET, **recipe)
    return [only(text_of(n), "ner", at) for n in range(count)]


# --- subsets ----------------------------------------------------------------------------------


def test_a_subset_shows_two_types_or_more_but_not_all_and_asks_for_these_alone() -> None:
    asks = subsets()

    assert {len(ask.options or []) for ask in asks} == {2, 3, 4, 5}
    for ask in asks:
        assert [type_ for type_, _ in ask.gold] == [
            name for name in ("type 0", "type 1") if name in (ask.options or [])
        ]


def test_a_subset_has_something_to_find_but_at_the_rate_of_absent() -> None:
    assert all(ask.gold for ask in subsets(absent={"ner": 0.0}))
    assert not any(ask.gold for ask in subsets(absent={"ner": 1.0}))
    assert 20 < sum(not ask.gold for ask in subsets(absent={"ner": 0.25})) < 80


def test_a_subset_is_worded_and_answered_like_a_question_for_all() -> None:
    at = setting(dataset(labels={"entities": TYPES}), expand=SUBSET)
    made = render(text_of(1), Candidate("ner", "subset", 0), at)

    assert re.fullmatch(r"en/ner\.all_types\.\d+", made.template)
    assert made.id.endswith("#ner.subset.0")


def test_of_two_labels_there_is_no_subset_and_of_one_there_is_only_one_question() -> None:
    expand = {"ner": {"all_types": 1.0, "subset": 1.0, "one_type": 1.0}}
    two, one = (dataset(labels={"entities": dict(list(TYPES.items())[:n])}) for n in (2, 1))

    assert len(outcome(text_of(1), "ner", setting(two, expand=expand))) == 2
    (ask,) = [only(text_of(1), "ner", setting(one, expand=expand))]
    assert (ask.worded, ask.slots["type"], ask.gold) == ("one_type", "type 0", [["type 0", "xT0"]])


# --- how many, and in which order -------------------------------------------------------------


def test_a_large_label_set_is_shown_in_part_with_the_gold_always_inside() -> None:
    at = setting(MANY_CLASSES, options={"tc": 20})
    for n in range(148):
        ask = only(record(str(n), text="x", labels=[f"C{n}"]), "tc", at)
        assert len(set(ask.options or [])) == 20
        assert ask.gold[0] in (ask.options or [])


def test_half_of_the_wrong_labels_are_those_most_like_the_gold() -> None:
    at = setting(MANY_CLASSES, options={"tc": 21})
    ask = only(record("1", text="x", labels=["C77"]), "tc", at)

    names = tuple(label["en"] for label in CLASSES.values())
    nearest = by_alikeness("syndrome 7 of 77", names)[:10]
    assert set(nearest) <= set(ask.options or [])


def test_no_label_of_the_answer_is_left_out_for_a_limit() -> None:
    spec = dataset(labels={"classes": CLASSES, "multi": True})
    gold = [f"C{n}" for n in range(9)]
    ask = only(record("1", text="x", labels=gold), "tc", setting(spec, options={"tc": 4}))

    assert set(ask.gold) == set(ask.options or [])


def test_the_gold_stands_anywhere_among_the_choices() -> None:
    choices = [Choice(key, f"text {key}") for key in "ABCD"]
    asks = [only(question_record(str(n), choices, "text A"), "qa_choice") for n in range(2_000)]
    places = Counter((ask.options or []).index(ask.gold) for ask in asks)

    # Chi-square with 3 degrees of freedom: above 16.3 once in a thousand fair draws.
    assert sum((places[i] - 500) ** 2 / 500 for i in range(4)) < 16.3


def test_the_order_of_labels_is_fixed_on_request() -> None:
    shown = {
        tuple(only(record(str(n), text="x", labels=["cure"]), "tc", at).options or [])
        for at in [setting(label_order="fixed")]
        for n in range(20)
    }
    assert shown == {("cause", "cure", "other")}


def test_a_recipe_may_take_some_answer_styles_only() -> None:
    at = setting(styles={"tc": ["json"]})
    made = [
        render(record(str(n), text="x", labels=["cure"]), Candidate("tc", "single", 0), at)
        for n in range(20)
    ]
    assert {instance.style for instance in made} == {"json"}


# --- likeness ---------------------------------------------------------------------------------


def test_names_are_alike_by_words_and_neighbouring_characters() -> None:
    assert alikeness("renal failure", "renal failure") == 1.0
    assert alikeness("renal failure", "heart failure") > alikeness("renal failure", "asthma")
    assert alikeness("肝郁气滞证", "肝郁血瘀证") > alikeness("肝郁气滞证", "风寒湿痹证")


# --- what a recipe may not say ----------------------------------------------------------------


def test_what_cannot_be_cut_or_shortened_is_a_fault_of_the_recipe() -> None:
    given = {"name": "r", "about": "r", "stage": 1, "groups": [{"name": "all"}]}
    with pytest.raises(ValueError, match="on_long of ner: window or drop, found shorten"):
        Recipe.model_validate({**given, "on_long": {"ner": "shorten"}})
    with pytest.raises(ValueError, match="on_long of mrd"):
        Recipe.model_validate({**given, "on_long": {"mrd": "drop"}})
