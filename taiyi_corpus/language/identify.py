"""Which language a text is in: English, Chinese, both, or another; by script, and by small words of Latin scripts."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "zh", "mixed", "other", "unknown"]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_KANA = re.compile("[\u3040-\u30ff]")
_OTHER = re.compile(
    "[\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\uac00-\ud7af]+"
)
_SMALL = {
    "en": "the of and in to is are was were with for that by from this which on as be have has not or an at it we "
    "you your i my what how do does can if",
    "fr": "le la les des une est dans du et pour que qui par sur avec au aux "
    "ce cette ne pas sont ont être nous vous je",
    "de": "der die das und ist nicht ein eine mit von zu den dem des im auf für sich "
    "auch werden wurde bei oder wir ich",
    "es": "el la los las de y en que es un una por con para del se su al como más pero sus fue son lo",
    "it": "il lo gli di che e è un una per con del della nel sono non si come più anche dei delle",
    "pt": "o os de e que em um uma para com não por mais as dos da do na no ao são foi como",
    "nl": "de het een en van is in dat op te voor met niet zijn werd door bij naar ook aan",
}  # fmt: skip
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_LEAST = 12  # words from which on small words tell Latin languages apart


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
    return _latin(words)


def _latin(words: list[str]) -> Language:
    if len(words) < _LEAST:
        return "en" if words else "unknown"
    lower = [word.lower() for word in words]
    count = {language: sum(word in known for word in lower) for language, known in _WORDS.items()}
    best = max(count, key=lambda language: count[language])
    # Names and terms have no small words; only a clear lead of another language counts.
    foreign = best != "en" and count[best] >= 0.15 * len(words) and count[best] > 2 * count["en"]
    return "other" if foreign else "en"
