"""The treemap of a build: languages, in them tasks, in them datasets; an area is a number of rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from taiyi_corpus.export.report.figures import PALETTE, PAPER, drawing


def treemap(parts: Sequence[tuple[str, str, str, int]]) -> str:
    """Return a treemap of (language, task, dataset, rows): language, in it tasks, in them datasets."""
    import squarify
    from matplotlib.patches import Rectangle

    tasks = sorted({task for _, task, _, _ in parts})
    colours = {task: PALETTE[i % len(PALETTE)] for i, task in enumerate(tasks)}

    def split(
        sizes: Mapping[str, int], x: float, y: float, w: float, h: float
    ) -> list[tuple[str, dict[str, float]]]:
        names = sorted((n for n in sizes if sizes[n]), key=lambda n: (-sizes[n], n))
        scaled = squarify.normalize_sizes([sizes[n] for n in names], w, h)
        return list(zip(names, squarify.squarify(scaled, x, y, w, h), strict=True))

    def total(language: str, task: str | None = None) -> int:
        return sum(n for a, b, _, n in parts if a == language and task in (None, b))

    with drawing("treemap", 11, 5.6) as drawn:
        axes = drawn.axes
        axes.set_axis_off()
        axes.set_xlim(0, 110)
        axes.set_ylim(56, 0)
        languages = {language: total(language) for language, _, _, _ in parts}
        for language, around in split(languages, 0, 0, 110, 56):
            inner = {task: total(language, task) for task in tasks}
            for task, box in split(inner, around["x"], around["y"], around["dx"], around["dy"]):
                own = {d: n for a, b, d, n in parts if (a, b) == (language, task)}
                for dataset, tile in split(own, box["x"], box["y"], box["dx"], box["dy"]):
                    place = (tile["x"], tile["y"])
                    patch = Rectangle(
                        place,
                        tile["dx"],
                        tile["dy"],
                        facecolor=colours[task],
                        edgecolor=PAPER,
                        lw=0.6,
                    )
                    patch.set_gid(f"{language} {task} {dataset}: {own[dataset]:,}")
                    axes.add_patch(patch)
                    if tile["dx"] > 0.56 * len(dataset) + 0.4 and tile["dy"] > 1.8:
                        middle = (tile["x"] + tile["dx"] / 2, tile["y"] + tile["dy"] / 2)
                        axes.text(
                            *middle,
                            dataset,
                            ha="center",
                            va="center",
                            fontsize=6.5,
                            color="#ffffff",
                        )
                axes.add_patch(
                    Rectangle(
                        (box["x"], box["y"]), box["dx"], box["dy"], fill=False, ec=PAPER, lw=2
                    )
                )
                if box["dx"] > 1.4 * len(task) + 1 and box["dy"] > 5:
                    axes.text(
                        box["x"] + 0.6,
                        box["y"] + 0.5,
                        task,
                        va="top",
                        fontsize=8,
                        weight="bold",
                        color="#ffffff",
                    )
            edge = Rectangle(
                (around["x"], around["y"]), around["dx"], around["dy"], fill=False, ec=PAPER, lw=5
            )
            axes.add_patch(edge)
            if around["dy"] > 6:
                corner = (around["x"] + around["dx"] - 0.8, around["y"] + around["dy"] - 0.6)
                axes.text(
                    *corner,
                    language,
                    ha="right",
                    va="bottom",
                    fontsize=15,
                    weight="bold",
                    color="#ffffff",
                    alpha=0.85,
                )
    return _titled(drawn.svg)


def _titled(svg: str) -> str:
    """Turn the names that tiles carry into titles, which a browser shows under the pointer."""
    return re.sub(
        r'<g id="treemap-((?:[^"]*): ([\d,]+))">', lambda m: f"<g><title>{m.group(1)}</title>", svg
    )
