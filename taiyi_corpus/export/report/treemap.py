"""The treemap of a build: languages, in them tasks, in them datasets; an area is a number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taiyi_corpus.export.report.figures import INK, PAPER, drawing, ink_on, tile, write

# What is alike has a like colour: extraction blue and green, questions violet, dialogue red, texts ochre.
_COLOURS = {
    "ner": "#2f6fb3", "nen": "#6aa3d8", "abbreviation": "#9cc3e6", "re": "#2a8f6d", "cre": "#6bbf9e",
    "ee": "#1f7a8c", "coref": "#63b3c1", "tc": "#c2603a", "tp_ss": "#e08e45", "tp_te": "#f0b47a",
    "qa_choice": "#7a55ad", "qa_yesno": "#b79ad6", "qa_sqa": "#5b3f94", "qa_cqa": "#9a7cc4",
    "mrd": "#b8436f", "chat": "#e08fb0", "mt": "#a3862a", "tt_ds": "#7d7d2c", "tt_ts": "#bdbb62", "cot": "#7d8796",
}  # fmt: skip
_WIDTH, _HEIGHT = 110.0, 60.0
_TITLE = 2.8  # height of the line above a language

Box = tuple[float, float, float, float]  # x, y, width, height


def treemap(parts: Sequence[tuple[str, str, str, int]]) -> str:
    """Return a treemap of (language, task, dataset, rows): language, in it tasks, in them datasets."""
    with drawing("treemap", 11, 6) as drawn:
        axes = drawn.axes
        axes.set_axis_off()
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(_HEIGHT, 0)
        for language, around in _cut(_sums(parts, 0), (0, 0, _WIDTH, _HEIGHT)):
            inside = [part for part in parts if part[0] == language]
            x, y, width, height = around
            title = f"{language}  {sum(rows for *_, rows in inside):,}"
            if width > 1.2 * len(title) and height > 2 * _TITLE:
                write(
                    axes, x + 0.4, y + 0.4, title, va="top", fontsize=10, weight="bold", color=INK
                )
                around = (x, y + _TITLE, width, height - _TITLE)
            for task, box in _cut(_sums(inside, 1), around):
                _draw_task(axes, task, _sums([p for p in inside if p[1] == task], 2), box, language)
            _frame(axes, around, 5)
    return drawn.svg


def _draw_task(axes: Any, task: str, datasets: Mapping[str, int], box: Box, language: str) -> None:
    colour = _COLOURS.get(task, "#7d8796")
    ink = ink_on(colour)
    x, y, width, height = box
    named = width > 1.4 * len(task) + 1 and height > 5
    for dataset, (left, top, wide, high) in _cut(datasets, box):
        title = f"{language} {task} {dataset}: {datasets[dataset]:,}"
        tile(axes, (left, top, wide, high), colour, title)
        # The tile in the corner has the name of the task above its own.
        room = high - 3.4 if named and (left, top) == (x, y) else high
        if wide > 0.62 * len(dataset) + 0.6 and room > 1.8:
            middle = (left + wide / 2, top + high - room / 2)
            write(axes, *middle, dataset, ha="center", va="center", fontsize=7, color=ink)
    _frame(axes, box, 2)
    if named:
        write(axes, x + 0.6, y + 0.5, task, va="top", fontsize=8.5, weight="bold", color=ink)


def _sums(parts: Sequence[tuple[str, str, str, int]], level: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for part in parts:
        name = str(part[level])
        sums[name] = sums.get(name, 0) + part[3]
    return sums


def _cut(sizes: Mapping[str, int], box: Box) -> list[tuple[str, Box]]:
    """Return the boxes that sizes take of a box, largest first."""
    import squarify

    x, y, width, height = box
    names = sorted((name for name in sizes if sizes[name]), key=lambda name: (-sizes[name], name))
    scaled = squarify.normalize_sizes([sizes[name] for name in names], width, height)
    made = squarify.squarify(scaled, x, y, width, height)
    boxes = [(one["x"], one["y"], one["dx"], one["dy"]) for one in made]
    return list(zip(names, boxes, strict=True))


def _frame(axes: Any, box: Box, line: float) -> None:
    from matplotlib.patches import Rectangle

    x, y, width, height = box
    made = Rectangle((x, y), width, height, fill=False, ec=PAPER, lw=line)
    made.set_in_layout(False)
    axes.add_artist(made)
