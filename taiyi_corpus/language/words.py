"""Words of Chinese texts, by jieba and the dictionary it comes with; nothing by default needs them."""

from __future__ import annotations

import functools
import logging
import warnings
from typing import Any


def words(text: str) -> list[str]:
    """Return the pieces that a text falls into: words, numbers, marks, blanks; joined they are the text."""
    pieces: list[str] = _cutter().lcut(text)
    return pieces


@functools.cache
def _cutter() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own age
        import jieba
    jieba.setLogLevel(logging.WARNING)  # it tells of every dictionary it loads
    return jieba.Tokenizer()
