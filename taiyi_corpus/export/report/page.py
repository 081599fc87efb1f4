"""The page: charts, tables and samples of a build in one HTML file that asks nothing of the network."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.lengths import BIN, LIMITS, counted
from taiyi_corpus.export.manifest import Manifest
from taiyi_corpus.export.report import HOW_TO_DRAW, can_draw
from taiyi_corpus.export.report.facts import Facts, facts_of, top
from taiyi_corpus.score.published import published
from taiyi_corpus.score.report import Report as Scores
from taiyi_corpus.score.report import notes, summary, tables
from taiyi_corpus.spec.dataset import DatasetSpec

REPORT = "report.html"
_PAIRS = 100  # abbreviations that are listed
_SHOWN = 24  # bars, and sides of a matrix, that are drawn
_ASSETS = Path(__file__).parent


def write_report(
    build: Path,
    made: Manifest,
    specs: Mapping[str, DatasetSpec],
    scores: Mapping[str, Scores] | None = None,
) -> Path:
    """Write report.html into the folder of a build, with the scores of models, and return its path.

    Raises:
        InputError: the packages that draw are not installed.
    """
    if not can_draw():
        raise InputError(Fault("report", "matplotlib and squarify", "not both", HOW_TO_DRAW))
    path = build / REPORT
    text = page(made, facts_of(build, made), specs, scores or {})
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def page(
    made: Manifest, facts: Facts, specs: Mapping[str, DatasetSpec], scores: Mapping[str, Scores]
) -> str:
    """Return the report as HTML."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((_ASSETS / "page.html.jinja").read_text(encoding="utf-8"))
    return template.render(
        name=made.recipe["name"],
        about=made.recipe["about"],
        stage=made.recipe["stage"],
        sample=made.origin == "sample",
        tiles=_tiles(made, facts),
        counted=counted(made.recipe),
        abbreviations=len(facts.abbreviations),
        style=Markup((_ASSETS / "page.css").read_text(encoding="utf-8")),
        script=Markup((_ASSETS / "page.js").read_text(encoding="utf-8")),
        charts={name: Markup(svg) for name, svg in _charts(made, facts, scores).items()},
        tables={name: Markup(_table(frame)) for name, frame in _tables(made, facts, specs).items()},
        models=[_model(name, one) for name, one in scores.items()],
        # A "</script>" in a text must not end the data.
        samples=Markup(json.dumps(facts.samples, ensure_ascii=False).replace("<", "\\u003c")),
        versions=", ".join(f"{name} {version}" for name, version in made.versions.items()),
    )


def _tiles(made: Manifest, facts: Facts) -> list[tuple[str, str]]:
    tokens = sum(lengths.tokens for lengths in made.lengths)
    return [
        (f"{made.rows:,}", "rows"),
        (f"{len({dataset for _, _, dataset, _ in facts.parts})}", "datasets"),
        (f"{len({task for _, task, _, _ in facts.parts})}", "tasks"),
        (" ".join(sorted({language for language, _, _, _ in facts.parts})) or "-", "languages"),
        (f"{tokens:,}", "tokens, about"),
    ]


def _model(name: str, report: Scores) -> dict[str, Any]:
    shown = [
        (
            table.title,
            table.about,
            Markup(_table(pd.DataFrame(table.rows, columns=list(table.head)))),
        )
        for table in tables(report, published())
    ]
    return {"name": name, "about": summary(report), "tables": shown, "notes": notes(report)}


def _charts(made: Manifest, facts: Facts, scores: Mapping[str, Scores]) -> dict[str, str]:
    from taiyi_corpus.export.report import figures
    from taiyi_corpus.export.report.scores import chart
    from taiyi_corpus.export.report.treemap import treemap

    charts: dict[str, str] = {}
    if facts.parts:
        charts["treemap"] = treemap(facts.parts)
    charts["funnel"] = figures.bars("funnel", list(facts.funnel), list(facts.funnel.values()))
    by_language: dict[str, Counter[int]] = {}
    for lengths in made.lengths:
        by_language.setdefault(lengths.language, Counter()).update(lengths.bins)
    if by_language:
        charts["lengths"] = figures.histogram(by_language, BIN, LIMITS)
    for name in ("shared", "leaks"):
        pairs: Mapping[str, Mapping[str, int]] = made.curation.get(name) or {}
        if pairs:
            charts[name] = _matrix(name, pairs)
    if facts.labels:
        largest = sorted(facts.labels.items(), key=lambda one: (-sum(one[1].values()), one[0]))
        bars = {name: top(labels) for name, labels in largest[:_SHOWN]}
        charts["labels"] = figures.shares("labels", bars)
    if facts.templates:
        forms = sorted(facts.templates)
        columns = max(max(uses) for uses in facts.templates.values()) + 1
        cells = [[facts.templates[form][n] for n in range(columns)] for form in forms]
        charts["templates"] = figures.matrix(
            "templates", forms, [str(n) for n in range(columns)], cells
        )
    if scores:
        charts["scores"] = chart(scores, published())
    return charts


def _matrix(name: str, pairs: Mapping[str, Mapping[str, int]]) -> str:
    from taiyi_corpus.export.report import figures

    rows = sorted(pairs, key=lambda one: (-sum(pairs[one].values()), one))[:_SHOWN]
    totals: Counter[str] = Counter()
    for others in pairs.values():
        totals.update(others)
    columns = sorted(
        name for name, _ in sorted(totals.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN]
    )
    return figures.matrix(
        name, sorted(rows), columns, [[pairs[r].get(c, 0) for c in columns] for r in sorted(rows)]
    )


def _tables(
    made: Manifest, facts: Facts, specs: Mapping[str, DatasetSpec]
) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(facts.parts, columns=["language", "task", "dataset", "rows"])
    composition = frame.pivot_table(
        index="task", columns="language", values="rows", aggfunc="sum", fill_value=0
    )
    composition["all"] = composition.sum(axis=1)
    per_set = frame.groupby("dataset")["rows"].sum().reset_index()
    per_set["licence"] = [specs[d].license.name if d in specs else "" for d in per_set["dataset"]]
    lengths = [
        [one.task, one.language, one.rows, round(one.tokens / one.rows), one.longest,
         *(f"{over / one.rows:.1%}" for over in one.over)]
        for one in made.lengths
    ]  # fmt: skip
    heads = [
        "task",
        "language",
        "rows",
        "mean",
        "longest",
        *(f"over {limit:,}" for limit in LIMITS),
    ]
    made_of = {
        "composition": composition.rename_axis(columns=None).reset_index(),
        "datasets": per_set.sort_values(["rows", "dataset"], ascending=[False, True]),
        "reasons": facts.reasons,
        "lengths": pd.DataFrame(lengths, columns=heads),
        "abbreviations": _abbreviations(facts),
    }
    if len(made.wanted) > 1:
        groups = [
            [g, n, made.chosen.get(g, 0), max(0, n - made.chosen.get(g, 0))]
            for g, n in made.wanted.items()
        ]
        made_of["groups"] = pd.DataFrame(groups, columns=["group", "wanted", "rows", "short of"])
    return made_of


def _abbreviations(facts: Facts) -> pd.DataFrame:
    ranked = sorted(facts.abbreviations.items(), key=lambda one: (-one[1], one[0]))
    lines = [(short, long, rows) for (short, long), rows in ranked[:_PAIRS]]
    return pd.DataFrame(lines, columns=["short form", "stands for", "rows"])


def _table(frame: pd.DataFrame) -> str:
    """Return a frame as an HTML table: numbers with separators, everything escaped."""
    shown = frame.astype(object)
    for column in shown.columns:
        shown[column] = [
            f"{value:,}" if isinstance(value, int) else html.escape(str(value))
            for value in shown[column]
        ]
    made: str = shown.to_html(index=False, border=0, escape=False, classes="data")
    return made
