"""Every sample: gold scores 100, nothing said scores 0, and what cannot be rated says so."""

from __future__ import annotations

import json
import math

import pytest

from taiyi_corpus.score.published import published
from taiyi_corpus.score.report import Report, as_json, as_markdown
from taiyi_corpus.score.score import score
from tests.score.built import SAMPLES, gold_texts, sample_rows

UNANSWERED = {"huatuo_consultation_qa"}  # its answers are addresses of pages


def refuse_nan(report: Report) -> None:
    for one in report.scores:
        for metric in one.metrics:
            values = [v for v in (metric.value, metric.low, metric.high) if v is not None]
            assert all(math.isfinite(value) for value in values)
            assert (metric.value is None) == bool(metric.note), f"{one.name} {metric}"
    json.loads(as_json(report), parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))
    assert "nan" not in as_markdown(report, published()).lower().split()


@pytest.mark.parametrize("id_", SAMPLES)
def test_gold_scores_100_and_nothing_scores_0(id_: str) -> None:
    specs, rows = sample_rows(id_)
    assert bool(rows) != (id_ in UNANSWERED)

    right = score(rows, gold_texts(rows), specs, samples=20)
    refuse_nan(right)
    assert (right.missing, right.unparsable) == (0, 0)
    for one in right.scores:
        for metric in one.metrics:
            assert metric.value is None or metric.value == pytest.approx(100), (
                f"{one.name} {metric}"
            )
        assert (
            one.main.value is not None
            or "correlation" in one.main.note
            or "nothing to find" in one.main.note
        )

    empty = score(rows, {row["id"]: "" for row in rows}, specs, samples=20)
    refuse_nan(empty)
    assert empty.unparsable == len(rows)
    for one in empty.scores:
        assert {metric.value for metric in one.metrics} <= {0.0, None}, f"{one.name} {one.metrics}"

    silent = score(rows, {}, specs, samples=0)
    assert silent.missing == len(rows)
    values = [[metric.value for metric in one.metrics] for one in empty.scores]
    assert [[metric.value for metric in one.metrics] for one in silent.scores] == values
