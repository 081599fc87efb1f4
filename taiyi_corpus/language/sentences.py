"""Sentence bounds: English by spaCy's blank pipeline with pysbd, Chinese by punctuation.

pysbd does about two thousand abstracts a second, so callers ask for the bounds of long documents only and keep them.
On request English is cut by punctuation as well, or by pysbd on the tokens of scispacy.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from taiyi_corpus.language.scispacy import tokenizer_rules

# A closing quote or bracket belongs to the sentence it closes.
_CHINESE_END = re.compile(r"[。！？；!?\n]+[”’」』）)]*")
# A period ends a sentence where a blank and a capital, a digit or a bracket follow, be it that of an abbreviation.
_ENGLISH_END = re.compile(r"\n+|[.!?]+[\"'”’)\]]*\s+(?=[A-Z0-9(\[\"“])")


def sentence_bounds(text: str, language: str, how: str = "pysbd") -> list[int]:
    """Return the end of each sentence as a character offset; the last one is the length of the text.

    Args:
        how: what bounds English sentences: `pysbd`, `punctuation` or `scispacy`.

    Raises:
        InputError: scispacy is asked for and missing.
    """
    if language == "zh":
        ends = [match.end() for match in _CHINESE_END.finditer(text)]
    elif how == "punctuation":
        ends = [match.end() for match in _ENGLISH_END.finditer(text)]
    else:
        ends = _english(text, how)
    return [*ends, len(text)] if not ends or ends[-1] != len(text) else ends


def _english(text: str, how: str) -> list[int]:
    # Line breaks bound sentences too: a title, a heading, a list item.
    ends: list[int] = []
    start = 0
    for line in text.splitlines(keepends=True):
        doc = _pipeline(how)(line)
        ends.extend(start + sentence.end_char for sentence in doc.sents)
        start += len(line)
        if ends and ends[-1] < start:
            ends[-1] = start
    return sorted(set(ends))


@functools.cache
def _pipeline(how: str) -> Any:
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
    if how == "scispacy":
        pipeline.tokenizer = tokenizer_rules(pipeline)
    pipeline.add_pipe("taiyi_pysbd")
    return pipeline
