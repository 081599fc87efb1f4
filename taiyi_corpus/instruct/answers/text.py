"""Free text: the answer is the text, compared without the blanks around it."""

from __future__ import annotations

from collections.abc import Hashable

from taiyi_corpus.instruct.answers.style import Frame, Gold, Style


def canonical(gold: Gold) -> Hashable:
    """Return a value that equal answers share."""
    return str(gold).strip()


def _render_bare(gold: Gold, frame: Frame) -> str:
    return str(gold)


def _parse_bare(text: str, frame: Frame) -> Gold:
    return text.strip()


STYLES = {"bare": Style(_render_bare, _parse_bare)}
