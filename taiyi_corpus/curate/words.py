"""Words of Chinese texts, cut by jieba: what near duplicates are compared by on request."""

from __future__ import annotations

import numpy as np

from taiyi_corpus.curate.grams import HAN, Tokens
from taiyi_corpus.language.words import words


def cut(tokens: Tokens) -> Tokens:
    """Return tokens with the Han characters of each Chinese text put together to words."""
    chinese = tokens.chinese()
    begins = np.zeros(len(tokens.joined), dtype=np.bool_)
    for text in np.flatnonzero(chinese).tolist():
        first, last = tokens.bounds[text], tokens.bounds[text + 1]
        at, end = int(tokens.start[first]), int(tokens.end[last - 1])
        for word in words(tokens.joined[at:end]):
            begins[at] = True
            at += len(word)
    inside = np.repeat(chinese, tokens.sizes()) & (tokens.kind == HAN)
    return tokens.merged(begins[tokens.start] | ~inside)
