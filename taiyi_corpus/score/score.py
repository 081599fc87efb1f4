"""Predictions against a build: rows grouped by dataset and task, each group by the measures of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from taiyi_corpus.score.answered import Answered, answered, benchmark_of
from taiyi_corpus.score.kinds import Rules, by_rules
from taiyi_corpus.score.measure import rated
from taiyi_corpus.score.report import Report, Scored
from taiyi_corpus.spec.dataset import DatasetSpec
from taiyi_corpus.version import VERSION


def score(rows: Iterable[Mapping[str, Any]], predictions: Mapping[str, str], specs: Mapping[str, DatasetSpec], *,
          rules: Rules = "strict", undirected: bool = False, samples: int = 1000, seed: int = 0) -> Report:  # fmt: skip
    """Return the scores of predictions.

    Args:
        rows: rows of a build.
        predictions: id -> text; a row without one counts as wrong.
        specs: dataset -> its registry file, for roles, direction and benchmark ids; may lack datasets.
        rules: `strict`, or those of the authors of Taiyi where they are defined.
        undirected: no relation has a direction, not only those the registry says so of.
        samples: resamples of the bootstrap; 0: no intervals.
        seed: of the bootstrap.
    """
    groups: dict[tuple[str, str, str, str], list[Answered]] = {}
    for row in sorted(rows, key=lambda row: str(row["id"])):
        spec = specs.get(row["dataset"])
        one = answered(row, predictions.get(row["id"]), spec)
        if undirected:
            one = _undirected(one)
        key = (row["dataset"], benchmark_of(row, spec) or "", row["task"], _form(row))
        groups.setdefault(key, []).append(one)
    scores = [_scored(key, group, rules, samples, seed) for key, group in sorted(groups.items())]
    return Report(
        version=VERSION,
        rules=rules,
        seed=seed,
        samples=samples,
        rows=sum(one.rows for one in scores),
        missing=sum(one.missing for one in scores),
        unparsable=sum(one.unparsable for one in scores),
        scores=scores,
    )


def _scored(
    key: tuple[str, str, str, str], group: list[Answered], rules: Rules, samples: int, seed: int
) -> Scored:
    dataset, benchmark, task, form = key
    measures, types, notes = by_rules(task, group, rules)
    missing = sum(one.text is None for one in group)
    unparsable = sum(one.text is not None and one.found is None for one in group)
    name = "/".join(key)
    return Scored(
        dataset=dataset,
        benchmark=benchmark or None,
        task=task,
        form=form or None,
        rows=len(group),
        missing=missing,
        unparsable=unparsable,
        unparsable_rate=round(unparsable / len(group), 6),
        metrics=[rated(measure, samples, seed, name) for measure in measures],
        types=types,
        faults=dict(sorted(Counter(one.fault for one in group if one.fault).items())),
        notes=notes,
    )


def _undirected(one: Answered) -> Answered:
    return replace(one, question=replace(one.question, symmetric=list(one.question.options or [])))


def _form(row: Mapping[str, Any]) -> str:
    """Return the direction of a translation: the two directions are scored apart."""
    return (
        str(row.get("template", "")).split(".")[1]
        if row["task"] == "mt" and row.get("template")
        else ""
    )
