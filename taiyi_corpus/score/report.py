"""What a scoring says, as data and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from taiyi_corpus.score.measure import Measured
from taiyi_corpus.score.published import Published


class TypeScore(Struct, frozen=True):
    """How well one type is found."""

    type: str
    gold: int
    found: int
    hits: int
    precision: float
    recall: float
    f1: float


class Scored(Struct, frozen=True, kw_only=True):
    """The scores of one dataset and task; the first metric is the one it is known by."""

    dataset: str
    benchmark: str | None
    task: str
    form: str | None = None  # direction of a translation
    rows: int
    missing: int  # rows without a prediction: counted as wrong
    unparsable: (
        int  # predictions that are no answer in the style asked for: counted as saying nothing
    )
    unparsable_rate: float
    metrics: list[Measured]
    types: list[TypeScore] = []
    notes: list[str] = []

    @property
    def main(self) -> Measured:
        """Return the metric it is known by."""
        return self.metrics[0]

    @property
    def name(self) -> str:
        """Return what tables call it."""
        return self.benchmark or self.dataset


class Report(Struct, frozen=True, kw_only=True):
    """All scores of one set of predictions."""

    version: str
    rules: str
    seed: int
    samples: int  # of the bootstrap
    rows: int
    missing: int
    unparsable: int
    scores: list[Scored]


def as_json(report: Report) -> str:
    """Return a report as JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"


def as_markdown(report: Report, published: Published) -> str:
    """Return a report as Markdown: all datasets, the published numbers beside, types, notes."""
    return "\n".join(_lines(report, published)) + "\n"


def _lines(report: Report, published: Published) -> Iterator[str]:
    yield "# Scores"
    yield ""
    yield (
        f"{report.rows:,} rows, {report.missing:,} without a prediction, {report.unparsable:,} unparsable. "
        f"Rules: {report.rules}. Intervals: 95 %, {report.samples:,} resamples, seed {report.seed}."
    )
    yield ""
    yield from _table(
        ("dataset", "task", "metric", "score", "interval", "rows", "missing", "unparsable"),
        [
            (
                _named(one), one.task, one.main.name, shown(one.main), interval(one.main), f"{one.rows:,}",
                f"{one.missing:,}", f"{100 * one.unparsable_rate:.1f} %",
            )
            for one in report.scores
        ],
    )  # fmt: skip
    yield from _published(report, published)
    yield from _others(report)
    yield from _types(report)
    notes = [f"- {_named(one)}, {one.task}: {note}" for one in report.scores for note in one.notes]
    notes += [
        f"- {_named(one)}, {one.task}: {metric.name} cannot be rated: {metric.note}"
        for one in report.scores
        for metric in one.metrics
        if metric.value is None
    ]
    if notes:
        yield from ("", "## Notes", "", *notes)


def _published(report: Report, published: Published) -> Iterator[str]:
    rows = [
        (
            one.name,
            shown(metric),
            interval(metric),
            *(f"{value:.1f}" for value in published.benchmarks[one.name].scores),
        )
        for one in report.scores
        if one.name in published.benchmarks
        for metric in one.metrics
        if metric.name == published.benchmarks[one.name].metric
    ]
    if rows:
        yield from ("", "## Beside published scores", "", published.source, "")
        yield from _table(("benchmark", "this", "interval", *published.columns), rows)
        if report.rules == "strict":
            yield ""
            yield "The published Taiyi columns were scored by lenient rules: `--rules taiyi`."


def _others(report: Report) -> Iterator[str]:
    yield from ("", "## All metrics", "")
    rows = [
        (_named(one), one.task, metric.name, shown(metric), interval(metric))
        for one in report.scores
        for metric in one.metrics
    ]
    yield from _table(("dataset", "task", "metric", "score", "interval"), rows)


def _types(report: Report) -> Iterator[str]:
    rows = [
        (
            _named(one), one.task, type_.type, f"{type_.gold:,}", f"{type_.found:,}",
            f"{type_.precision:.1f}", f"{type_.recall:.1f}", f"{type_.f1:.1f}",
        )
        for one in report.scores
        for type_ in one.types
    ]  # fmt: skip
    if rows:
        yield from ("", "## By type", "")
        yield from _table(("dataset", "task", "type", "gold", "found", "P", "R", "F1"), rows)


def _named(one: Scored) -> str:
    return f"{one.name} ({one.form})" if one.form else one.name


def shown(metric: Measured) -> str:
    """Return a value as a table shows it."""
    return "-" if metric.value is None else f"{metric.value:.1f}"


def interval(metric: Measured) -> str:
    """Return an interval as a table shows it."""
    return "-" if metric.low is None else f"{metric.low:.1f} to {metric.high:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
