"""Which language a text is in: English, Chinese, both, or another.

Script tells Chinese, English and their mixtures; common English words tell English. Only what has Latin letters and few
of these words is asked of CLD2, which has tables of languages inside its package and computes in whole numbers.
"""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "zh", "mixed", "other", "unknown"]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_KANA = re.compile("[\u3040-\u30ff]")
_OTHER = re.compile(
    "[\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\uac00-\ud7af]+"
)
# Words that no other language with Latin letters writes often ("in", "is" and "of" are Dutch too).
_COMMON = "the and are were with that by from this which been has have not or it you your what how does can"
_ENGLISH = frozenset(_COMMON.split())
_SURE = 0.08  # share of these words from which on a text is English
_LEAST = 12  # words from which on a text tells its language
_NOT_TOLD = frozenset(
    {"en", "sco", "un", "xxx"}
)  # CLD2: English, Scots (as it calls lists of names), not known


def identify(text: str, mixed: float = 0.25) -> Language:
    """Return the language of a text; `unknown` of one with too little to tell.

    Args:
        mixed: share of the smaller of English words and Han characters from which on a text is in both.
    """
    han, words = len(_HAN.findall(text)), _LATIN.findall(text)
    if len(_KANA.findall(text)) > max(2, 0.1 * han):
        return "other"
    if sum(map(len, _OTHER.findall(text))) > 0.3 * (len(text.replace(" ", "")) or 1):
        return "other"
    total = han + len(words)
    if not total:
        return "unknown"
    if han and len(words) and min(han, len(words)) / total >= mixed and len(words) >= _LEAST:
        return "mixed"
    if han > len(words):
        return "zh"
    if len(words) < _LEAST:
        return "en" if words else "unknown"
    english = sum(word.lower() in _ENGLISH for word in words)
    return "en" if english >= _SURE * len(words) or not _foreign(words) else "other"


def _foreign(words: list[str]) -> bool:
    """Return whether CLD2 is sure that most of the words are of one language other than English."""
    import pycld2

    # It refuses a text with characters that are none; among words there are only letters.
    sure, _, found = pycld2.detect(" ".join(words), isPlainText=True)
    _, code, share, _ = found[0]
    return bool(sure) and code not in _NOT_TOLD and share >= 80
