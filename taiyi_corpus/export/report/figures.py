"""Charts as inline SVG whose ink follows the page: light, dark and print show the same file.

matplotlib draws with stand-in colours for text and lines; they become the page's CSS variables. Text stays text, so it
can be searched, and Chinese needs no font of matplotlib's.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

_SCALE = 1.1
INK, LINE, PAPER = "#010203", "#030201", "#020301"
_VARIABLES = {INK: "var(--ink)", LINE: "var(--line)", PAPER: "var(--paper)"}
# Okabe and Ito's colours, told apart by all eyes, a little muted for large areas.
PALETTE = (
    "#4e86c4",
    "#e09a3a",
    "#3fa37c",
    "#c8649b",
    "#8a74c9",
    "#d0643c",
    "#5fb3c9",
    "#a3a13c",
    "#7d8796",
    "#b48a68",
)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "font.size": 9.0, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.edgecolor": LINE, "grid.color": LINE, "axes.grid": False, "axes.axisbelow": True,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False, "figure.facecolor": "none",
    "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip


class Drawn:
    """A figure under way, and the SVG once it is done."""

    def __init__(self, figure: Any, axes: Any) -> None:
        self.figure, self.axes, self.svg = figure, axes, ""


@contextmanager
def drawing(name: str, width: float, height: float) -> Iterator[Drawn]:
    """Yield a figure in the style of the report; when the block ends, `svg` holds it."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", UserWarning
        )  # about glyphs of a font that draws nothing here
        figure = Figure(figsize=(width, height), dpi=72, layout="constrained")
        write_svg: Any = FigureCanvasSVG(figure).print_svg
        drawn = Drawn(figure, figure.subplots())
        yield drawn
        sink = io.StringIO()
        # savefig would draw everything twice.
        write_svg(sink, metadata=dict.fromkeys(("Date", "Creator", "Type", "Format")))
    drawn.svg = _themed(sink.getvalue(), name)


def _themed(svg: str, name: str) -> str:
    svg = svg[svg.index("<svg") :]
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # What is named by a title shows it under the pointer.
    svg = re.sub(r'<g id="title ([^"]*)">', r"<g><title>\1</title>", svg)
    # As wide as the page lets it be, and never wider than drawn; ids are this chart's own.
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) width="([\d.]+)pt"', _wide, svg, count=1)
    svg = re.sub(r"font: [\d.]+px [^;\"]+", lambda m: m.group().split(" '")[0] + " sans-serif", svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href=")#', rf"\1#{name}-", svg)
    return re.sub(r"url\(#", f"url(#{name}-", svg)


def _wide(width: re.Match[str]) -> str:
    return f'{width[1]} style="max-width: {round(float(width[2]) * 4 / 3 * _SCALE)}px"'


def ink_on(colour: str) -> str:
    """Return the colour of text on a colour: dark on light, light on dark."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return "#16202c" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.56 else "#ffffff"


def write(axes: Any, x: float, y: float, text: str, **how: Any) -> None:
    """Write a text inside the axes; the layout of the figure does not look at it, which would take long."""
    axes.text(x, y, text, **how).set_in_layout(False)


def tile(axes: Any, place: tuple[float, float, float, float], colour: str, title: str) -> None:
    """Draw a rectangle (x, y, width, height) that shows a title under the pointer."""
    from matplotlib.patches import Rectangle

    x, y, width, height = place
    made = Rectangle((x, y), width, height, facecolor=colour, edgecolor=PAPER, lw=0.6)
    made.set_gid(f"title {title}")
    made.set_in_layout(False)
    axes.add_artist(made)


def bars(name: str, labels: Sequence[str], values: Sequence[int], colour: int = 0) -> str:
    """Return horizontal bars, each with its number."""
    with drawing(name, 8, 0.42 * len(labels) + 0.5) as drawn:
        axes = drawn.axes
        places = range(len(labels))
        axes.barh(places, values, color=PALETTE[colour], height=0.7)
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(length=0)
        most = max(values, default=1) or 1
        for place, value in zip(places, values, strict=True):
            write(axes, value + most * 0.01, place, f"{value:,}", va="center")
        axes.set_xlim(0, most * 1.15)
    return drawn.svg


def histogram(series: Mapping[str, Mapping[int, int]], width: int, limits: Sequence[int]) -> str:
    """Return rows by length in tokens, a line a language, with the limits trainers cut at."""
    with drawing("lengths", 9, 3.4) as drawn:
        axes = drawn.axes
        last = max((place for bins in series.values() for place in bins), default=1)
        # What is longer than the largest limit by far shares the last place.
        end = min(last, 2 * max(limits) // width)
        for i, (label, bins) in enumerate(sorted(series.items())):
            counts = [0] * (end + 1)
            for place, rows in bins.items():
                counts[min(place, end)] += rows
            axes.stairs(
                counts,
                [width * p for p in range(end + 2)],
                label=label,
                color=PALETTE[i % len(PALETTE)],
                lw=1.4,
            )
        for limit in limits:
            if limit <= width * (end + 1):
                axes.axvline(limit, color=INK, lw=0.8, ls=":")
                write(
                    axes,
                    limit,
                    1,
                    f" {limit:,}",
                    transform=axes.get_xaxis_transform(),
                    va="top",
                    fontsize=8,
                )
        axes.set_yscale("symlog")
        axes.set_xlabel("tokens of a row")
        axes.set_ylabel("rows")
        axes.legend(loc="upper right", bbox_to_anchor=(0.93, 1))
    return drawn.svg


def matrix(
    name: str, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]]
) -> str:
    """Return a matrix of numbers as coloured cells; zero is left blank."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    shades = LinearSegmentedColormap.from_list("one", ["#d3e3f4", "#1f5f9e"])
    most = max((v for row in values for v in row), default=1) or 1
    corners, colours = [], []
    with drawing(name, 2.2 + 0.5 * len(columns), 1.4 + 0.3 * len(rows)) as drawn:
        axes = drawn.axes
        for y, row in enumerate(values):
            for x, value in enumerate(row):
                if value:
                    left, right, top, bottom = x - 0.46, x + 0.46, y - 0.44, y + 0.44
                    corners.append([(left, top), (right, top), (right, bottom), (left, bottom)])
                    colours.append(to_hex(shades(value / most)))
                    ink = ink_on(colours[-1])
                    write(axes, x, y, f"{value:,}", ha="center", va="center", fontsize=7, color=ink)
        cells = PolyCollection(corners, facecolors=colours)
        cells.set_in_layout(False)
        axes.add_artist(cells)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xticks(
            range(len(columns)), columns, rotation=60, ha="left", rotation_mode="anchor"
        )
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return drawn.svg


def shares(name: str, rows: Mapping[str, Sequence[tuple[str, int]]]) -> str:
    """Return a bar a row, cut into the shares of its parts, largest first."""
    with drawing(name, 9, 0.34 * len(rows) + 0.5) as drawn:
        axes = drawn.axes
        for y, parts in enumerate(rows.values()):
            total, left = sum(n for _, n in parts) or 1, 0.0
            for i, (label, count) in enumerate(parts):
                share, colour = count / total, PALETTE[i % len(PALETTE)]
                title = f"{label}: {count:,} ({share:.1%})"
                tile(axes, (left, y - 0.38, share, 0.76), colour, title)
                if share > 0.012 * _width(label):
                    middle = left + share / 2
                    write(
                        axes,
                        middle,
                        y,
                        label,
                        ha="center",
                        va="center",
                        fontsize=6.5,
                        color=ink_on(colour),
                    )
                left += share
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return drawn.svg


def _width(text: str) -> float:
    """Return about how wide a text is, in Latin letters."""
    return sum(1.0 if char.isascii() else 1.9 for char in text)
