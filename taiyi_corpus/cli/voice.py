"""How the command line speaks: results on stdout, everything else on stderr, colour on terminals only."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from taiyi_corpus.errors import Fault

_ROOM = 100  # columns that a table of many columns needs
_LONGEST = 1_000  # characters of a fact that are shown


def out() -> Console:
    """Return the console for results."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def err() -> Console:
    """Return the console for everything that is no result."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    """Print a result line."""
    out().print(text, style=style or None)


def note(text: str, style: str = "") -> None:
    """Print a line that is no result."""
    err().print(text, style=style or None)


def say_error(text: str) -> None:
    """Print one line for what went wrong."""
    note(f"error: {text}", "bold red")


def say_faults(faults: Sequence[Fault]) -> None:
    """Print faults: the place, the wish, the fact, the next step."""
    console = err()
    console.print(f"error: {plural(len(faults), 'fault')}", style="bold red")
    for fault in faults:
        console.print(f"  {fault.where}", style="bold")
        console.print(f"    wanted  {shortened(fault.wanted)}")
        console.print(f"    found   {shortened(fault.found)}")
        if fault.hint:
            hint = "\n    ".join(fault.hint.splitlines())
            console.print(f"    {hint}", style="cyan")


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return a text cut to a length that can be read."""
    return text if len(text) <= longest else f"{text[:longest]} ... ({len(text):,} characters)"


def plural(count: int, noun: str) -> str:
    """Return "1 fault", "2 faults"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Collection[str] = (),
    whole: Collection[str] = (),
) -> None:
    """Print a table: folded to the terminal's width, or plain aligned columns where there is no terminal.

    Args:
        right: columns of numbers.
        whole: columns that are never folded.
    """
    if not sys.stdout.isatty():
        for line in plain_table(head, rows, right):
            print(line)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in head:
        made.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name in whole or name in right,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(made)


def plain_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()
) -> list[str]:
    """Return the lines of a table whose columns are aligned and never folded; a cell may have several lines."""
    lines = [
        part
        for row in (head, *rows)
        for part in zip_longest(*(cell.split("\n") for cell in row), fillvalue="")
    ]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    made = []
    for line in lines:
        cells = []
        for name, cell, width in zip(head, line, widths, strict=True):
            pad = " " * (width - _width(cell))
            cells.append(pad + cell if name in right else cell + pad)
        made.append("  ".join(cells).rstrip())
    return made


def _width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def narrow() -> bool:
    """Return whether results go to a terminal with little room."""
    return sys.stdout.isatty() and out().width < _ROOM


def panel(text: str, title: str, style: str) -> None:
    """Print a text that must not be overlooked, on stderr."""
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    if sys.stderr.isatty():
        framed = Panel(Text(text), title=title, border_style=style, expand=False)
        Console(stderr=True).print(framed)
    else:
        note(f"*** {title} ***\n{text}")
