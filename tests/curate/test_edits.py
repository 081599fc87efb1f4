"""Edits: offsets follow them, they can be undone, and what a mention says is what it said, repaired."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taiyi_corpus.curate.edits import Edit, Offsets, apply, between, carry, carry_context, inverse
from taiyi_corpus.curate.repair import REPAIRS
from taiyi_corpus.schema.record import Answer, Entity, Event, Passage, Record, Span, Trigger
from tests.curate.made import record

PIECES = ["a", "b ", "é",
          "e\u0301", "A\u030a", "\u212b", "&lt;", "&amp;", "&#39;", "<br/>", "<sub>", "</sub>", "\u200b",
          "\x07", "@-@", " ,", "-LRB-", "１２", "Ｂ", "糖尿病", "，", ". ", "Ã©", "â€™", "x<y", "&", "2;"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join)


@pytest.mark.parametrize("name", REPAIRS)
@given(text=TEXTS, cuts=st.tuples(st.integers(0, 200), st.integers(0, 200)))
def test_a_mention_says_after_a_repair_what_it_said_before(
    name: str, text: str, cuts: tuple[int, int]
) -> None:
    edits = REPAIRS[name](text)
    start, end = sorted(cut % (len(text) + 1) for cut in cuts)
    assume(start < end)
    for edit in edits:  # a bound inside a changed stretch takes the whole of it along
        if edit.start < start < edit.start + len(edit.old):
            start = edit.start
        if edit.start < end < edit.start + len(edit.old):
            end = edit.start + len(edit.old)
    repaired, offsets = apply(text, edits), Offsets(edits)
    inside = [Edit(e.start - start, e.old, e.new) for e in edits if _within(e, start, end)]
    moved = sorted(cut % (len(text) + 1) for cut in cuts)
    assert repaired[offsets.start(moved[0]) : offsets.end(moved[1])] == apply(
        text[start:end], inside
    )


def _within(edit: Edit, start: int, end: int) -> bool:
    if not edit.old:  # what is put in at a bound is no part of the mention
        return start < edit.start < end
    return start <= edit.start and edit.start + len(edit.old) <= end


@pytest.mark.parametrize("name", REPAIRS)
@given(text=TEXTS)
def test_a_repair_can_be_undone(name: str, text: str) -> None:
    edits = REPAIRS[name](text)
    assert apply(apply(text, edits), inverse(edits)) == text
    assert [
        e for e in edits if e.old == e.new or text[e.start : e.start + len(e.old)] != e.old
    ] == []


@given(old=TEXTS, new=TEXTS)
def test_edits_between_two_texts_make_the_one_the_other(old: str, new: str) -> None:
    assert apply(old, between(old, new)) == new


def annotated(text: str, *spans: tuple[int, int]) -> Record:
    pieces = [Span(*span) for span in spans]
    said = " ".join(text[s.start : s.end] for s in pieces)
    return record(
        text=text,
        entities=[Entity(id="T1", type="Drug", spans=pieces, text=said)],
        events=[
            Event(
                id="E1",
                type="Rise",
                trigger=Trigger(spans=pieces[:1], text=text[spans[0][0] : spans[0][1]]),
                args=[],
            )
        ],
        passages=[Passage("title", 0, 5), Passage("abstract", 6, len(text))],
        sentence_bounds=[5, len(text)],
    )


def test_everything_with_offsets_is_carried() -> None:
    text = "A&amp;B. <b>Aspirin</b> and salt"
    edits = [Edit(1, "&amp;", "&"), Edit(9, "<b>", ""), Edit(19, "</b>", "")]
    moved = carry(annotated(text, (12, 19), (28, 32)), edits, " ")
    assert moved.text == "A&B. Aspirin and salt"
    (entity,) = moved.entities or []
    assert (entity.text, entity.spans) == ("Aspirin salt", [Span(5, 12), Span(17, 21)])
    assert (moved.events or [])[0].trigger == Trigger(spans=[Span(5, 12)], text="Aspirin")
    assert moved.passages == [Passage("title", 0, 2), Passage("abstract", 2, 21)]
    assert moved.sentence_bounds == [2, 21]


def test_a_mention_that_is_gone_is_no_longer_positioned() -> None:
    moved = carry(annotated("x <b> yz", (2, 5)), [Edit(2, "<b>", "")], " ")
    (entity,) = moved.entities or []
    assert (entity.text, entity.spans) == ("<b>", None)


def test_answers_follow_their_context() -> None:
    found = record(
        context="5 &lt; 6 holds",
        answers=[Answer(text="&lt; 6", start=2, end=8), Answer(text="free")],
    )
    moved = carry_context(found, [Edit(2, "&lt;", "<")])
    assert moved.answers == [Answer(text="< 6", start=2, end=5), Answer(text="free")]
