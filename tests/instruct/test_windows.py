"""Windows: long documents are cut between sentences, through no mention, and nothing falls through."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.instruct.ask import Ask
from taiyi_corpus.instruct.tasks import TASK_MODULES
from taiyi_corpus.instruct.windows import entity_places, windows
from taiyi_corpus.language.tokens import estimate_tokens
from taiyi_corpus.schema.record import Coreference, Entity, Record, Span
from tests.instruct.asking import asked, concept, entity, event, outcome, record, relation, setting

BUDGET = 64


@st.composite
def documents(draw: st.DrawFn) -> Record:
    """Chinese sentences of any length (so that finding them needs no model), with mentions across them."""
    sentences = draw(
        st.lists(st.text("病人咳嗽", min_size=1, max_size=30), min_size=1, max_size=12)
    )
    text = "。".join(sentences) + "。"
    place = st.integers(0, len(text) - 1)
    piece = st.tuples(place, st.integers(1, 12)).map(
        lambda p: Span(p[0], min(p[0] + p[1], len(text)))
    )
    spans = draw(st.lists(st.lists(piece, min_size=1, max_size=2), max_size=6))
    entities = [
        Entity(
            id=f"T{n}",
            type="Drug",
            spans=pieces,
            text=" ".join(text[s.start : s.end] for s in pieces),
        )
        for n, pieces in enumerate(spans)
    ]
    return record(text=text, entities=entities, language="zh")


@given(documents())
def test_every_mention_lies_in_exactly_one_window_and_windows_cover_the_text(found: Record) -> None:
    text = found.text or ""
    cut = windows(found, entity_places(found), BUDGET)

    assert "".join(text[w.start : w.end] for w in cut) == text
    for mention in found.entities or []:
        assert sum(w.holds(mention.spans) for w in cut) == 1
    for window in cut[:-1]:
        assert text[window.end - 1] == "。"


@given(documents())
def test_a_window_is_over_its_budget_only_where_nothing_can_be_cut(found: Record) -> None:
    text = found.text or ""
    blocked = {
        n
        for mention in found.entities or []
        for n in range(
            min(s.start for s in mention.spans or []) + 1, max(s.end for s in mention.spans or [])
        )
    }
    for window in windows(found, entity_places(found), BUDGET):
        if estimate_tokens(text[window.start : window.end]) > BUDGET * 0.7:
            inner = [
                m.end() for m in re.finditer("。+", text) if window.start < m.end() < window.end
            ]
            assert all(end in blocked for end in inner)


def test_a_text_within_the_budget_is_one_window() -> None:
    (window,) = windows(record(text="Short. Text."), [None], 64)

    assert (window.start, window.end, window.whole) == (0, 12, True)


FIRST, SECOND = (
    "Aspirin eases pain in most people. " * 40,
    "Ulcers hurt people who do not eat. " * 40,
)
TWO = FIRST + SECOND


def numbered(**parts: Any) -> Record:
    return record(text=TWO, sentence_bounds=[len(FIRST), len(TWO)], **parts)


SMALL = setting(max_tokens=800)  # for one of them, not for both
ENTITIES = [
    entity("T1", "Drug", "Aspirin", 0),
    entity("T2", "Disease", "pain", 14),
    entity("T3", "Disease", "Ulcers", len(FIRST)),
]


def test_each_window_asks_for_its_own_mentions() -> None:
    found = numbered(entities=ENTITIES)
    asks = dict(asked(found, "ner", SMALL))

    assert list(asks) == ["all_types.0", "all_types.1000"]
    first, second = asks.values()
    assert isinstance(first, Ask) and isinstance(second, Ask)
    assert (first.slots["text"], second.slots["text"]) == (FIRST.strip(), SECOND.strip())
    assert (first.gold, second.gold) == (
        [["drug", "Aspirin"], ["disease", "pain"]],
        [["disease", "Ulcers"]],
    )


def test_a_relation_across_windows_is_asked_in_none_and_counted() -> None:
    found = numbered(
        entities=ENTITIES,
        relations=[relation("R1", "causes", "T1", "T3"), relation("R2", "treats", "T1", "T2")],
    )

    assert [len(gold) for gold in outcome(found, "re", SMALL)] == [1, 0]
    assert TASK_MODULES["re"].lost(found, SMALL) == [("R1", "relation_across_windows", "causes")]


def test_an_event_across_windows_is_counted() -> None:
    found = numbered(entities=ENTITIES, events=[event("E1", "Growth", ("eases", 8), Theme="T3")])

    assert not any(outcome(found, "ee", SMALL))
    assert TASK_MODULES["ee"].lost(found, SMALL) == [("E1", "event_across_windows", "Growth")]


def test_a_coreference_set_across_windows_is_counted() -> None:
    found = numbered(entities=ENTITIES, coreferences=[Coreference(id="S1", refs=["T1", "T3"])])

    assert outcome(found, "coref", SMALL) == [[], []]
    assert [id_ for id_, *_ in TASK_MODULES["coref"].lost(found, SMALL)] == ["S1"]


def test_a_concept_is_named_by_each_windows_own_mention() -> None:
    links = [concept("C:D1", "Drug", "MESH:D1").links, concept("C:D2", "Disease", "MESH:D2").links]
    mentions = [
        entity(f"T{n}", type_, text, TWO.index(text, start), links=links[type_ == "Disease"])
        for n, (type_, text, start) in enumerate(
            [("Drug", "Aspirin", 0), ("Disease", "pain", 0), ("Disease", "Ulcers", 0)]
        )
    ]
    concepts = [concept("C:D1", "Drug", "MESH:D1"), concept("C:D2", "Disease", "MESH:D2")]
    found = numbered(
        entities=mentions, concepts=concepts, relations=[relation("R1", "causes", "C:D1", "C:D2")]
    )

    first, second = outcome(found, "re", SMALL)
    assert first == [{"type": "causes", "args": [["head", "Aspirin"], ["tail", "pain"]]}]
    assert second == []  # the drug has no mention there


def test_a_bound_inside_a_trigger_is_no_bound() -> None:
    # The sentence finder may cut anywhere; here it cuts through the trigger.
    trigger = ("eases pain", TWO.index("eases pain", 40))
    bounds = [trigger[1] + 5, len(TWO)]
    found = record(text=TWO, sentence_bounds=bounds, events=[event("E1", "Growth", trigger)])
    at = setting(max_tokens=1000)

    assert [len(gold) for gold in outcome(found, "ee", at)] == [1]


def test_a_long_text_whose_annotations_have_no_place_is_refused_not_asked_with_an_empty_answer() -> (
    None
):
    unplaced = entity("T1", "Drug", "Aspirin", None)
    strings = [event("E1", "Growth", ("tumour", -1), Theme="'cells'")]
    bare = [relation("R1", "causes", "T1", "'a rash'")]

    assert outcome(numbered(entities=[unplaced]), "ner", SMALL) == ["long_unpositioned"]
    assert outcome(numbered(events=strings), "ee", SMALL) == ["long_unpositioned"]
    assert outcome(numbered(entities=ENTITIES, relations=bare), "re", SMALL) == [
        "long_unpositioned"
    ]
    # Its mentions have places, so they can still be asked for.
    assert len(outcome(numbered(entities=ENTITIES, relations=bare), "ner", SMALL)) == 2
    assert TASK_MODULES["ee"].lost(numbered(events=strings), SMALL) == []


def test_a_sentence_over_the_whole_budget_is_refused() -> None:
    longer = record(text=TWO, sentence_bounds=[len(TWO)], entities=ENTITIES[:1])
    assert outcome(longer, "ner", SMALL) == ["over_budget"]


def test_a_text_with_much_to_say_of_it_is_cut_sooner() -> None:
    sentences = [f"Aspirin{n} and pain{n} were seen." for n in range(20)]
    text = " ".join(sentences)
    ends = [m.end() for m in re.finditer(r"\. |\.$", text)]
    mentions = [
        entity(f"T{n}", "Drug", word, text.index(word))
        for n, word in enumerate(re.findall(r"Aspirin\d+|pain\d+", text))
    ]
    at = setting(max_tokens=400)

    assert outcome(record(text=text, sentence_bounds=ends, entities=[]), "ner", at) == [[]]
    asks = [
        ask
        for _, ask in asked(record(text=text, sentence_bounds=ends, entities=mentions), "ner", at)
    ]
    assert len(asks) > 1
    for ask in asks:
        assert isinstance(ask, Ask)
        assert sum(map(estimate_tokens, [*ask.slots.values(), str(ask.gold)])) <= 400
    assert sum(len(ask.gold) for ask in asks if isinstance(ask, Ask)) == len(mentions)


def test_rates_are_drawn_for_each_window_by_itself() -> None:
    at = setting(max_tokens=800, expand={"ner": {"all_types": 0.5}})
    kept = [
        tuple(
            id_
            for id_, _ in asked(
                record(str(n), text=TWO, entities=[], sentence_bounds=[len(FIRST), len(TWO)]),
                "ner",
                at,
            )
        )
        for n in range(100)
    ]

    assert {len(ids) for ids in kept} == {0, 1, 2}
