"""Scores, bounds of scores, licence policies, settings that cannot be."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from taiyi_corpus.curate.licences import refused
from taiyi_corpus.curate.scores import SCORES, outside, scored
from taiyi_corpus.spec.curation import SCORE_BOUNDS, Allow, Curation, Where
from tests.curate.made import answered, record
from tests.toys import dataset


def test_scores() -> None:
    values = scored(
        [
            answered("1", "Is aspirin safe?", "Aspirin is safe, mostly safe."),
            record(text="糖尿病 insulin", labels=["a"]),
            record(text="x", labels=["a", "b"]),
        ]
    )
    found = dict(zip(SCORES, values.T, strict=True))
    assert set(SCORES) == set(SCORE_BOUNDS)
    assert found["words"].tolist() == [8, 4, 1]
    assert found["characters"].tolist() == [46, 11, 1]
    assert found["type_token"].tolist() == [0.5, 1, 1]
    assert found["chinese"].tolist() == [0, 0.75, 0]
    assert found["answer_words"].tolist()[0] == 5
    assert found["overlap"].tolist()[0] == pytest.approx(0.8)
    assert math.isnan(found["overlap"][1])
    rare, common = -math.log2(1 / 3), -math.log2(2 / 3)
    assert found["label_surprise"].tolist()[1:] == pytest.approx([common, (common + rare) / 2])


def test_bounds_take_what_lies_outside_and_what_has_no_score_stays() -> None:
    records = [
        answered("1", "Why so?", "So."),
        answered("2", "Why so?", "Because of it."),
        record(text="x"),
    ]
    bounds = [Where(score="answer_words", min=2)]
    assert list(outside(scored(records), dataset(), bounds)) == [(0, "answer_words 1")]
    assert list(outside(scored(records), dataset(), [Where(score="answer_words", max=2)])) == [
        (1, "answer_words 3")
    ]


def test_bounds_are_for_the_datasets_and_tasks_they_name() -> None:
    records = [record(text="x")]
    assert (
        list(outside(scored(records), dataset(), [Where(score="words", min=2, tasks=["mt"])])) == []
    )
    assert (
        list(outside(scored(records), dataset(), [Where(score="words", min=2, datasets=["other"])]))
        == []
    )
    assert list(
        outside(
            scored(records),
            dataset(),
            [Where(score="words", min=2, tasks=["tc"], datasets=["toy"])],
        )
    )


# --- licences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "redistributable", "commercial", "stays"),
    [
        ("any", False, False, True),
        ("research", False, False, True),
        ("commercial", True, True, True),
        ("commercial", True, "unknown", False),
        ("commercial", True, False, False),
        ("redistributable", True, False, True),
        ("redistributable", "unknown", True, False),
        ("redistributable", False, True, False),
    ],
)  # fmt: skip
def test_a_policy_takes_only_what_is_known_to_be_allowed(
    allow: Allow, redistributable: object, commercial: object, stays: bool
) -> None:
    said = {
        "name": "L-1",
        "says": "LICENSE",
        "redistributable": redistributable,
        "commercial": commercial,
    }
    reason = refused(dataset(license=said), allow)
    assert (reason is None) is stays
    assert stays or "L-1" in str(reason)


def test_research_leaves_out_what_is_gone_and_came_without_terms() -> None:
    said = {"name": "not stated", "says": "nobody", "redistributable": "unknown"}
    assert refused(dataset(license=said, access="dead-link"), "research")
    assert refused(dataset(license=said, access="open"), "research") is None


# --- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"duplicates": {"near": 1.5}}, "less than or equal to 1"),
        ({"duplicates": {"near": 0.0}}, "greater than or equal to 0.2"),
        ({"protect": {"words": 2}}, "greater than or equal to 5"),
        ({"protect": {"characters": 500}}, "less than or equal to 100"),
        ({"limits": {"squeeze": 3.0}}, "less than or equal to 1"),
        ({"where": [{"score": "overlap", "min": 2}]}, "within 0 to 1"),
        ({"where": [{"score": "words", "min": 9, "max": 3}]}, "not above `max` (3)"),
        ({"where": [{"score": "words"}]}, "found neither"),
        ({"privacy": {"mask": ["phone"], "drop": ["phone"]}}, "found both for phone"),
        ({"allow": "some"}, "redistributable"),
    ],
)
def test_an_impossible_threshold_names_its_bounds(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=r".*") as error:
        Curation.model_validate(settings)
    assert said in str(error.value)
