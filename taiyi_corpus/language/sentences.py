"""Sentence bounds: English by spaCy's blank pipeline with pysbd, Chinese by punctuation.

pysbd does about two thousand abstracts a second, so callers ask for the bounds of long documents only and keep them.
"""

from __future__ import annotations

import functools
import re
from typing import Any

# A closing quote or bracket belongs to the sentence it closes.
_CHINESE_END = re.compile(r"[。！？；!?\n]+[”’」』）)]*")


def sentence_bounds(text: str, language: str) -> list[int]:
    """Return the end of each sentence as a character offset; the last one is the length of the text."""
    ends = _chinese(text) if language == "zh" else _english(text)
    return [*ends, len(text)] if not ends or ends[-1] != len(text) else ends


def _chinese(text: str) -> list[int]:
    return [match.end() for match in _CHINESE_END.finditer(text)]


def _english(text: str) -> list[int]:
    # Line breaks bound sentences too: a title, a heading, a list item.
    ends: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        doc = _pipeline()(line)
        ends.extend(start + sentence.end_char for sentence in doc.sents)
        start += len(line)
        if ends and ends[-1] < start:
            ends[-1] = start
    return sorted(set(ends))


@functools.cache
def _pipeline() -> Any:
    import pysbd
    import spacy
    from spacy.language import Language

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)

    @Language.component("taiyi_pysbd")
    def mark(doc: Any) -> Any:
        starts = {span.start for span in segmenter.segment(doc.text)}
        for token in doc:
            token.is_sent_start = token.idx in starts
        return doc

    pipeline = spacy.blank("en")
    pipeline.add_pipe("taiyi_pysbd")
    return pipeline
