"""NER, NEN and coreference: what is asked of mentions, and what is gold."""

from __future__ import annotations

import pytest

from taiyi_corpus.instruct.ask import Ask
from taiyi_corpus.schema.record import Coreference, Link, Record
from tests.instruct.asking import (
    asked,
    entity,
    many,
    marked,
    only,
    outcome,
    record,
    setting,
)
from tests.toys import DRUG_AND_DISEASE, dataset

SOURCE = "[Aspirin|Drug] eases [pain|Disease] of [Aspirin|Drug] users aged [60|Age]."
ONE_TYPE = {"ner": {"all_types": 0.0, "one_type": 1.0}}

# --- NER --------------------------------------------------------------------------------------


def test_all_asked_types_are_shown_and_each_mention_is_told_once() -> None:
    ask = only(marked(SOURCE), "ner")

    assert sorted(ask.options or []) == ["disease", "drug", "gene"]  # age is never asked for
    assert ask.slots["types"] == ", ".join(ask.options or [])
    assert ask.gold == [["drug", "Aspirin"], ["disease", "pain"]]


def test_the_names_of_types_are_in_the_language_of_the_text() -> None:
    ask = only(marked("[阿司匹林|Drug]止痛。", language="zh"), "ner")

    assert (sorted(ask.options or []), ask.gold) == (
        ["基因", "疾病", "药物"],
        [["药物", "阿司匹林"]],
    )
    assert "、" in ask.slots["types"]


def test_mentions_come_by_first_occurrence_whatever_the_order_of_the_source() -> None:
    found = marked(SOURCE)
    text, entities = found.text, found.entities or []
    turned = record(text=text, entities=entities[::-1])

    assert only(turned, "ner").gold == only(found, "ner").gold


def test_mentions_without_a_place_are_ordered_by_looking_them_up() -> None:
    items = [
        entity("T1", "Drug", "second", None),
        entity("T2", "Drug", "gone", None),
        entity("T3", "Drug", "first", None),
    ]

    gold = only(record(text="first second", entities=items), "ner").gold
    assert [mention for _, mention in gold] == ["first", "second", "gone"]


def test_whole_mentions_are_asked_for_and_not_their_parts() -> None:
    whole = entity("T1", "Disease", "eye and ear pain", 0)
    parts = [entity("T2", "Disease", "ear pain", 8, part_of="T1")]

    assert only(record(text="eye and ear pain", entities=[whole, *parts]), "ner").gold == [
        ["disease", "eye and ear pain"]
    ]


def test_what_has_no_gold_or_no_text_is_not_asked() -> None:
    assert outcome(record(text="x"), "ner") == []
    assert outcome(record(entities=[]), "ner") == []


def test_nothing_to_find_is_asked_at_the_stated_rate() -> None:
    empties = many(lambda key: record(key, text="Nothing.", entities=[]))

    def kept(rate: float) -> int:
        at = setting(negatives={"ner": rate})
        return sum(outcome(empty, "ner", at) == [[]] for empty in empties)

    assert (kept(1.0), kept(0.0)) == (200, 0)
    assert 70 < kept(0.5) < 130
    assert outcome(empties[0], "ner", setting(negatives={"ner": 0.0})) == ["negative_not_kept"]


def test_one_type_asks_for_a_type_that_is_there_or_for_one_that_is_not() -> None:
    at = setting(expand=ONE_TYPE, absent={"ner": 0.5})
    asks = [only(keyed(n), "ner", at) for n in range(200)]

    types = [ask.slots["type"] for ask in asks]
    assert set(types) == {"drug", "disease", "gene"}
    assert 70 < types.count("gene") < 130  # the one absent type, at its rate
    for ask in asks:
        assert ask.options == [ask.slots["type"]]
        assert ask.gold == [
            p for p in [["drug", "Aspirin"], ["disease", "pain"]] if p[0] == ask.slots["type"]
        ]


def keyed(n: int, source: str = SOURCE) -> Record:
    made = marked(source)
    return record(str(n), text=made.text, entities=made.entities)


def test_one_type_never_asks_for_an_absent_type_where_none_is_wanted() -> None:
    at = setting(expand=ONE_TYPE, absent={"ner": 0.0}, negatives={"ner": 0.0})

    assert all(only(keyed(n), "ner", at).gold for n in range(50))
    assert outcome(keyed(0, "Nothing."), "ner", at) == ["negative_not_kept"]


def test_several_instances_of_one_type_never_ask_the_same_twice() -> None:
    at = setting(expand={"ner": {"all_types": 0.0, "one_type": 5.0}}, negatives={"ner": 1.0})

    for n in range(20):
        found = list(asked(keyed(n), "ner", at))
        types = [ask.slots["type"] for _, ask in found if isinstance(ask, Ask)]
        assert [id_ for id_, _ in found] == [f"one_type.{k}" for k in range(5)]
        assert sorted(types) == ["disease", "drug", "gene"]
        assert [ask for _, ask in found if isinstance(ask, str)] == ["labels_used_up"] * 2


# --- NEN --------------------------------------------------------------------------------------

LINKED = "[Aspirin|Drug|MESH:D1] and [ASA|Drug|MESH:D1] ease [pain|Disease|MESH:D2]; [water|Drug]."


def test_mentions_are_linked_by_bare_id_where_there_is_one_data_base() -> None:
    ask = only(marked(LINKED), "nen")

    assert ask.gold == [["Aspirin", "D1"], ["ASA", "D1"], ["pain", "D2"]]
    assert ask.slots["mentions"] == "- Aspirin\n- ASA\n- pain"
    assert ask.slots["database"] == "MeSH"


def test_ids_of_several_data_bases_say_which() -> None:
    ask = only(marked("[Aspirin|Drug|MESH:D1] and [p53|Gene|NCBI:7|OMIM:9]."), "nen")

    assert ask.gold == [["Aspirin", "MESH:D1"], ["p53", "NCBI:7|OMIM:9"]]
    assert ask.slots["database"] == "MeSH, NCBI and OMIM"


def test_a_string_that_means_two_things_is_not_asked_for() -> None:
    found = marked("[cold|Disease|MESH:D1] in the [cold|Disease|MESH:D2]; [flu|Disease|MESH:D3].")

    assert only(found, "nen").gold == [["flu", "D3"]]
    twice = marked("[cold|Disease|MESH:D1] in the [cold|Disease|MESH:D2].")
    assert outcome(twice, "nen") == ["nothing_to_link"]


def test_parts_of_a_composite_stand_for_it() -> None:
    whole = entity(
        "T1", "Disease", "eye and ear pain", 0, links=[Link("MESH", "D1"), Link("MESH", "D2")]
    )
    parts = [
        entity("T3", "Disease", "ear pain", 8, links=[Link("MESH", "D2")], part_of="T1"),
        entity("T2", "Disease", "eye pain", 0, links=[Link("MESH", "D1")], part_of="T1"),
    ]
    found = record(text="eye and ear pain", entities=[whole, *parts])

    assert only(found, "nen").gold == [["eye pain", "D1"], ["ear pain", "D2"]]


def test_nothing_is_asked_where_nothing_is_linked() -> None:
    assert outcome(marked("[Aspirin|Drug] helps."), "nen") == []


# --- coreference ------------------------------------------------------------------------------


def clusters(*sets: str, source: str = "[p53|Gene] binds; [it|Gene] and [p53|Gene] end.") -> Record:
    found = [Coreference(id=f"S{n}", refs=refs.split()) for n, refs in enumerate(sets)]
    return marked(source, coreferences=found)


def test_sets_come_by_first_mention_and_name_each_spelling_once() -> None:
    found = clusters("T4 T3", "T2 T1 T1", source="[a|Gene] [b|Gene] [c|Gene] [d|Gene]")

    assert only(found, "coref").gold == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize("sets", [("T1 T3",), ("T1",), ()])
def test_mentions_spelt_alike_say_nothing(sets: tuple[str, ...]) -> None:
    assert outcome(clusters(*sets), "coref") == [[]]
    assert outcome(clusters(*sets), "coref", setting(negatives={"coref": 0.0})) == [
        "negative_not_kept"
    ]


# --- whose word counts ------------------------------------------------------------------------


def test_the_registry_says_how_often_a_form_is_asked_before_the_recipe_does() -> None:
    spec = dataset(
        tasks=["ner"],
        labels={"entities": DRUG_AND_DISEASE},
        decompose={"ner": {"one_type": 1.0}},
    )

    assert [id_ for id_, _ in asked(marked(SOURCE), "ner", setting(spec))] == ["one_type.0"]
    at = setting(expand={"ner": {"one_type": 2.0}})
    assert [id_ for id_, _ in asked(marked(SOURCE), "ner", at)] == [
        "all_types.0",
        "one_type.0",
        "one_type.1",
    ]


def test_a_rate_between_whole_numbers_is_kept_on_average() -> None:
    at = setting(expand={"ner": {"all_types": 0.0, "one_type": 1.3}})
    counts = [len(outcome(keyed(n), "ner", at)) for n in range(300)]

    assert set(counts) == {1, 2}
    assert 60 < counts.count(2) < 120
