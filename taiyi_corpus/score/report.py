"""What a scoring says, as data and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from taiyi_corpus.score.measure import Measured
from taiyi_corpus.score.published import Published

_FAULTS = {
    "structure": "are no answer in the style that was asked for",
    "unknown_label": "name a label that was not offered",
    "too_few": "relate fewer than two things",
}


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
    faults: dict[str, int] = {}  # why they are unparsable, and sets of fewer than two
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
    lines = ["# Scores", "", summary(report)]
    for table in tables(report, published):
        lines += ["", *([f"## {table.title}", ""] if table.title else [])]
        lines += [table.about, ""] if table.about else []
        lines += [_line(table.head), f"|{'---|' * len(table.head)}", *map(_line, table.rows)]
    if found := notes(report):
        lines += ["", "## Notes", "", *(f"- {note}" for note in found)]
    return "\n".join(lines) + "\n"


class Table(Struct, frozen=True):
    """A table to be shown; the first has no title."""

    title: str
    head: Sequence[str]
    rows: list[Sequence[str]]
    about: str = ""


def summary(report: Report) -> str:
    """Return a report in two sentences."""
    return (
        f"{report.rows:,} rows, {report.missing:,} without a prediction, {report.unparsable:,} unparsable. "
        f"Rules: {report.rules}. Intervals: 95 %, {report.samples:,} resamples, seed {report.seed}."
    )


def tables(report: Report, published: Published) -> list[Table]:
    """Return the tables of a report: the metric each dataset is known by, published scores, all metrics, types."""
    made = [_main(report), _published(report, published), _metrics(report), _types(report)]
    return [table for table in made if table.rows]


def notes(report: Report) -> list[str]:
    """Return what is to be said of the scores, and which cannot be rated."""
    made = [f"{named(one)}, {one.task}: {note}" for one in report.scores for note in one.notes]
    made += [
        f"{named(one)}, {one.task}: {number:,} {_FAULTS[fault]}"
        for one in report.scores
        for fault, number in one.faults.items()
    ]
    return made + [
        f"{named(one)}, {one.task}: {metric.name} cannot be rated: {metric.note}"
        for one in report.scores
        for metric in one.metrics
        if metric.value is None
    ]


def _main(report: Report) -> Table:
    rows = [
        (
            named(one), one.task, one.main.name, shown(one.main), interval(one.main), f"{one.rows:,}",
            f"{one.missing:,}", f"{100 * one.unparsable_rate:.1f} %",
        )
        for one in report.scores
    ]  # fmt: skip
    head = ("dataset", "task", "metric", "score", "interval", "rows", "missing", "unparsable")
    return Table("", head, list(rows))


def _published(report: Report, published: Published) -> Table:
    rows, values = [], []
    for one in report.scores:
        if (found := beside(one, published)) is not None:
            metric, scores = found
            rows.append((one.name, shown(metric), interval(metric), *map(_one_place, scores)))
            values.append([metric.value, *scores])
    if len(rows) > 1:
        # Over the benchmarks of this table, the published columns too, so that they can be compared.
        this, *others = (_mean(column) for column in zip(*values, strict=True))
        rows.append((f"average of {len(rows)}", this, "-", *others))
    about = published.source
    if report.rules == "strict":
        about += " Its Taiyi columns were scored by lenient rules (--rules taiyi)."
    head = ("benchmark", "this", "interval", *published.columns)
    return Table("Beside published scores", head, list(rows), about)


def _mean(values: Sequence[float | None]) -> str:
    rated = [value for value in values if value is not None]
    return _one_place(sum(rated) / len(rated)) if len(rated) == len(values) else "-"


def _one_place(value: float) -> str:
    return f"{value:.1f}"


def beside(one: Scored, published: Published) -> tuple[Measured, list[float]] | None:
    """Return the metric of a benchmark that scores were published for, and those."""
    if (known := published.benchmarks.get(one.benchmark or "")) is None:
        return None
    metric = next((metric for metric in one.metrics if metric.name == known.metric), None)
    return None if metric is None else (metric, known.scores)


def _metrics(report: Report) -> Table:
    rows = [
        (named(one), one.task, metric.name, shown(metric), interval(metric))
        for one in report.scores
        for metric in one.metrics
    ]
    return Table("All metrics", ("dataset", "task", "metric", "score", "interval"), list(rows))


def _types(report: Report) -> Table:
    rows = [
        (
            named(one), one.task, type_.type, f"{type_.gold:,}", f"{type_.found:,}",
            f"{type_.precision:.1f}", f"{type_.recall:.1f}", f"{type_.f1:.1f}",
        )
        for one in report.scores
        for type_ in one.types
    ]  # fmt: skip
    head = ("dataset", "task", "type", "gold", "found", "P", "R", "F1")
    return Table("By type", head, list(rows))


def named(one: Scored) -> str:
    """Return what a table calls a score."""
    return f"{one.name} ({one.form})" if one.form else one.name


def shown(metric: Measured) -> str:
    """Return a value as a table shows it."""
    return "-" if metric.value is None else _one_place(metric.value)


def interval(metric: Measured) -> str:
    """Return an interval as a table shows it."""
    return "-" if metric.low is None else f"{metric.low:.1f} to {metric.high:.1f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
