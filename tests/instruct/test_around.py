"""What other records lend: candidates for a mention, worked examples, answers to other questions."""

from __future__ import annotations

import pytest

from taiyi_corpus.instruct import answers
from taiyi_corpus.instruct.around import around, survey, together
from taiyi_corpus.instruct.ask import Candidate, Setting
from taiyi_corpus.instruct.render import parse_back, render
from taiyi_corpus.schema.record import Answer, Record
from tests.instruct.asking import LABELS, asked, marked, outcome, record, setting
from tests.toys import dataset

NEN = {"nen": {"mentions": 0.0, "candidates": 1.0}}
POOL = {"k": 2, "from": "pool", "right": "cure", "wrong": "other"}


def lent(records: list[Record], task: str, at: Setting) -> Setting:
    return Setting(at.spec, at.recipe, around(records, at, [task]))


def linked(n: int, name: str, id_: str) -> Record:
    made = marked(f"They saw [{name}|Disease|MESH:{id_}] again.")
    return record(str(n), text=made.text, entities=made.entities)


DISEASES = [
    linked(n, f"{kind} {organ}", f"D{n}")
    for n, (kind, organ) in enumerate(
        (kind, organ)
        for kind in ("failure of", "tumour of")
        for organ in ("liver", "heart", "skin", "bone")
    )
]
AGAIN = linked(50, "hepatic failure", "D0")


# --- candidates -------------------------------------------------------------------------------


def test_a_mention_is_offered_its_concept_among_wrong_ones() -> None:
    records = [*DISEASES, AGAIN]
    at = lent(records, "nen", setting(expand=NEN, offered=4))
    for found in records:
        ((_, ask),) = asked(found, "nen", at)
        assert not isinstance(ask, str)
        ((mention, concept),) = ask.gold
        assert len(set(ask.options or [])) == 4
        assert concept in (ask.options or [])
        assert parse_back(render(found, Candidate("nen", "candidates", 0), at))
        assert mention == (found.entities or [])[0].text


def test_a_concept_goes_by_other_names_than_the_one_that_is_asked_about() -> None:
    at = lent([*DISEASES, AGAIN], "nen", setting(expand=NEN))
    ((_, ask),) = asked(AGAIN, "nen", at)

    assert not isinstance(ask, str)
    assert "- D0: failure of liver" in ask.slots["candidates"]
    assert "hepatic failure" not in ask.slots["candidates"]


def test_codes_of_several_data_bases_are_offered_with_their_names() -> None:
    made = marked("[Salmon|Disease|Taxonomy:8030] with [smoke|Disease|OntoBiotope:OBT7].")
    again = marked("[Fish|Disease|Taxonomy:8030] in a [kiln|Disease|OntoBiotope:OBT7].")
    records = [made, record("2", text=again.text, entities=again.entities)]
    at = lent(records, "nen", setting(expand=NEN, offered=2))
    ((_, ask),) = asked(made, "nen", at)

    assert not isinstance(ask, str)
    assert ask.slots["database"] in ("Taxonomy and OntoBiotope", "OntoBiotope and Taxonomy")
    assert all(": " in line for line in ask.slots["candidates"].splitlines())


def test_wrong_candidates_are_like_the_mention() -> None:
    at = lent(DISEASES, "nen", setting(expand=NEN, offered=3))
    ((_, ask),) = asked(DISEASES[0], "nen", at)  # failure of liver

    assert not isinstance(ask, str)
    assert {"D0"} < set(ask.options or []) & {"D0", "D1", "D2", "D3", "D4"}


def test_what_no_train_record_names_is_not_asked() -> None:
    at = lent(DISEASES, "nen", setting(expand=NEN))
    assert outcome(linked(9, "scurvy", "D99"), "nen", at) == ["concept_unnamed"]
    assert outcome(DISEASES[0], "nen", lent(DISEASES[:1], "nen", setting(expand=NEN))) == [
        "concept_unnamed"
    ]


def test_concepts_that_are_names_are_asked_for_as_standard_terms() -> None:
    made = marked("[膝盖肿|Disease|标准词:膝关节肿物]", language="zh")
    (id_,) = (id_ for id_, _ in asked(made, "nen"))

    assert id_ == "terms.0"


# --- worked examples --------------------------------------------------------------------------

FEW = {"rate": 1.0, "k": 2}
TEXTS = [
    record(str(n), text=f"Text {n}.", labels=["cure"], document_ns="pmid", document_id=str(n // 2))
    for n in range(12)
]
SINGLE = Candidate("tc", "single", 0)


def test_worked_examples_are_turns_before_the_question_never_of_its_own_document() -> None:
    at = lent(TEXTS, "tc", setting(few_shot=FEW))
    for n, found in enumerate(TEXTS):
        made = render(found, SINGLE, at)
        assert [m.role for m in made.messages] == ["user", "assistant"] * 3
        own = {f"Text {n}.", f"Text {n ^ 1}."}
        for message in made.messages[:-2]:
            assert not any(text in message.content for text in own)
        assert parse_back(made)


def test_examples_are_the_same_however_the_records_are_divided() -> None:
    at = setting(few_shot=FEW)
    parts = [survey(TEXTS[start : start + 5], at, ["tc"]) for start in range(0, 12, 5)]

    assert together(parts, at) == together(parts[::-1], at) == around(TEXTS, at, ["tc"])


def test_examples_come_from_train_records_at_the_stated_rate() -> None:
    assert (
        around(
            [record("1", split="test", text="x", labels=["cure"])], setting(few_shot=FEW), ["tc"]
        ).shots
        == {}
    )
    at = lent(TEXTS, "tc", setting(few_shot={"rate": 0.3, "k": 1}))
    with_examples = sum(
        len(render(record(f"n{n}", text="x", labels=["cure"]), SINGLE, at).messages) > 2
        for n in range(200)
    )
    assert 35 < with_examples < 85


def test_examples_answer_in_the_style_of_the_question_and_fit_the_budget() -> None:
    at = lent(TEXTS, "tc", setting(few_shot=FEW))
    made = render(TEXTS[0], SINGLE, at)
    assert len({m.content for m in made.messages if m.role == "assistant"}) == 1  # all are cured
    tight = Setting(
        at.spec, at.recipe.model_copy(update={"max_tokens": made.tokens - 1}), at.around
    )
    assert 2 <= len(render(TEXTS[0], SINGLE, tight).messages) < 6


# --- wrong pairs from the pool ----------------------------------------------------------------


TOPICS = ["Ache", "Burns", "Croup", "Dizzy", "Eczema", "Fever", "Gout", "Hives", "Itch", "Jaundice"]


def question(n: int) -> Record:
    return record(str(n), question=f"{TOPICS[n]}?", answers=[Answer(text=f"Answer {n}.")])


def test_a_question_gets_its_own_answer_and_drawn_ones() -> None:
    spec = dataset(tasks=["tp_ss"], labels=LABELS, negatives=POOL)
    records = [question(n) for n in range(10)]
    at = lent(records, "tp_ss", setting(spec))
    for n, found in enumerate(records):
        asks = dict(asked(found, "tp_ss", at))
        assert list(asks) == ["match.0", "match.1", "match.2"]
        told = [ask for ask in asks.values() if not isinstance(ask, str)]
        assert [ask.gold for ask in told] == ["cure", "other", "other"]
        right, *wrong = (ask.slots["text_b"] for ask in told)
        assert right == f"Answer {n}."
        assert len({right, *wrong}) == 3


def test_a_pool_of_one_question_gives_no_wrong_answer() -> None:
    spec = dataset(tasks=["tp_ss"], labels=LABELS, negatives=POOL)
    at = lent([question(1)], "tp_ss", setting(spec))
    assert outcome(question(1), "tp_ss", at) == ["cure", "pool_too_small", "pool_too_small"]


# --- abbreviations ----------------------------------------------------------------------------


def test_abbreviations_are_found_on_request() -> None:
    pytest.importorskip("scispacy")
    found = marked("Spinal and bulbar muscular atrophy ([SBMA|Disease|MESH:D1]) is rare.")
    at = setting(dataset(tasks=["ner"], labels=LABELS), abbreviations="scispacy")

    assert at.recipe.tasks_of(at.spec) == ["ner", "abbreviation"]
    long = "Spinal and bulbar muscular atrophy"
    assert outcome(found, "abbreviation", at) == [[["SBMA", long]]]
    ((_, ask),) = asked(found, "nen", at)
    assert not isinstance(ask, str)
    assert ask.slots["mentions"] == f"- SBMA (short for {long})"
    assert answers.KINDS["abbreviation"] == "links"
