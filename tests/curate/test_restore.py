"""A repaired record and its lines in the ledger give back the record that the source has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.curate.mend import mend
from taiyi_corpus.curate.repair import REPAIRS
from taiyi_corpus.curate.restore import restore
from taiyi_corpus.schema.record import Answer, Entity, Event, Passage, Record, Span, Trigger
from taiyi_corpus.spec.curation import Curation
from tests.curate.made import record
from tests.curate.test_edits import TEXTS
from tests.toys import dataset

CUTS = st.lists(st.integers(0, 200), min_size=2, max_size=4)


def annotated(text: str, cuts: list[int]) -> Record:
    """A record whose annotations lie anywhere, inside what a repair changes too."""
    inside = sorted(cut % (len(text) + 1) for cut in cuts)
    spans = [Span(a, b) for a, b in zip(inside[::2], inside[1::2], strict=False) if a < b]
    said = " ".join(text[s.start : s.end] for s in spans)
    first = spans[:1]
    whole = [Entity(id="T1", type="Drug", spans=spans, text=said)] if spans else []
    risen = [
        Event(
            id="E1", type="Rise", trigger=Trigger(spans=first, text=text[s.start : s.end]), args=[]
        )
        for s in first
    ]
    return record(
        text=text,
        entities=[*whole, Entity(id="T2", type="Drug", text="nowhere")],
        events=risen,
        passages=[Passage("title", s.start, s.end) for s in spans],
        context=text,
        answers=[Answer(text=text[s.start : s.end], start=s.start, end=s.end) for s in spans],
        question=text,
    )


@given(text=TEXTS, cuts=CUTS, names=st.lists(st.sampled_from(sorted(REPAIRS)), min_size=1))
def test_any_repairs_of_any_record_can_be_undone(
    text: str, cuts: list[int], names: list[str]
) -> None:
    before = annotated(text, cuts)
    (after,), lines, _ = mend([before], dataset(), Curation.model_validate({"repair": names}))
    assert restore(after, lines) == before


@pytest.mark.parametrize(
    ("text", "span", "now", "kept"),
    [
        ("5 &lt; 6", Span(3, 5), "<", ['[{"start":3,"end":5}]']),  # inside what was changed
        ("5 &lt; 6", Span(2, 6), "<", []),
        ("a <b>c", Span(2, 5), "<b>", ['[{"start":2,"end":5}]']),  # all of it is gone
    ],
)
def test_a_mention_that_the_edits_do_not_give_back_is_kept_in_the_ledger(
    text: str, span: Span, now: str, kept: list[str]
) -> None:
    mention = Entity(id="T1", type="Sign", spans=[span], text=text[span.start : span.end])
    before = record(text=text, entities=[mention])
    (after,), lines, _ = mend([before], dataset(), Curation(repair=["entities", "tags"]))
    assert (after.entities or [])[0].text == now
    assert [line.detail for line in lines if line.unit == "annotation"] == kept
    assert [line.id for line in lines if line.unit == "annotation"] == ["toy/train/1/T1"] * len(
        kept
    )
    assert restore(after, lines) == before
