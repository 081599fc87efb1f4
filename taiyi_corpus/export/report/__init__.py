"""report.html: one file, no external request, that shows what a build is made of."""

from __future__ import annotations

from importlib.util import find_spec

HOW_TO_DRAW = "`pip install 'taiyi-corpus[report]'` brings what draws it."


def can_draw() -> bool:
    """Return whether the packages that draw the report are installed."""
    return all(find_spec(name) is not None for name in ("matplotlib", "squarify"))
