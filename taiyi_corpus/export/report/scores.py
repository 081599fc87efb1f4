"""Scores of models in the report: how near each came, with published scores beside, and the tables of `score`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.export.report.figures import INK, LINE, PALETTE, drawing
from taiyi_corpus.score.published import Published
from taiyi_corpus.score.report import Report, Scored, beside, named

_MARKS = "osD^vPX"  # one a model; published scores are strokes


def read_scores(paths: Sequence[Path]) -> dict[str, Report]:
    """Return model -> scores of files that `taiyi-corpus score --json` wrote; a model is called as its file.

    Raises:
        InputError: a file holds none, or two have one name.
    """
    found: dict[str, Report] = {}
    faults = []
    for path in paths:
        try:
            report = msgspec.json.decode(path.read_bytes(), type=Report)
        except OSError as error:
            faults.append(Fault(str(path), "a readable file", error.strerror or str(error)))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            hint = "`taiyi-corpus score ... --json FILE` writes one."
            faults.append(Fault(str(path), "scores as JSON", str(error), hint))
        else:
            if path.stem in found:
                faults.append(Fault(str(path), "a file for each model", f"{path.stem!r} again"))
            found[path.stem] = report
    if faults:
        raise InputError(faults)
    return found


def chart(models: Mapping[str, Report], published: Published) -> str:
    """Return the metric each dataset is known by: a mark a model with its interval, a stroke a published score."""
    scored = {_key(one): one for report in models.values() for one in report.scores}
    places = {key: place for place, key in enumerate(sorted(scored))}
    with drawing("scores", 9, 0.36 * len(places) + 1.1) as drawn:
        axes = drawn.axes
        axes.hlines(list(places.values()), 0, 100, color=LINE, lw=0.6, zorder=0)
        for i, name in enumerate(published.columns):
            at = [
                (found[1][i], places[key])
                for key, one in scored.items()
                if (found := beside(one, published)) is not None
            ]
            if not at:
                continue
            axes.plot(
                [x for x, _ in at], [y for _, y in at], ls="", marker="|", ms=9, mew=1.6,
                color=INK if i + 1 == len(published.columns) else PALETTE[-1 - i], label=name,
            )  # fmt: skip
        for i, (name, report) in enumerate(models.items()):
            shift = 0.5 * ((i + 1) / (len(models) + 1) - 0.5)
            rated = [(one.main, places[_key(one)] + shift) for one in report.scores]
            points = [(m.value, y, m.low, m.high) for m, y in rated if m.value is not None]
            colour = PALETTE[i % len(PALETTE)]
            for _, y, low, high in points:
                if low is not None:
                    axes.hlines(y, low, high, color=colour, lw=2.2, alpha=0.55)
            axes.plot(
                [x for x, *_ in points], [y for _, y, *_ in points], ls="", ms=5.5, color=colour,
                marker=_MARKS[i % len(_MARKS)], label=name,
            )  # fmt: skip
        axes.set_yticks(list(places.values()), [f"{name}, {task}" for name, task, _ in places])
        axes.set_ylim(len(places) - 0.5, -0.5)
        axes.set_xlim(min(-2.0, axes.get_xlim()[0]), 102)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=7)
    return drawn.svg


def _key(one: Scored) -> tuple[str, str, str]:
    """Return what a line of the chart is for: the benchmark of a dataset is not its other splits."""
    return named(one), one.task, one.benchmark or ""
