"""An estimate of how many tokens a text has, for budgets when no tokenizer is given."""

from __future__ import annotations

# Byte-pair vocabularies of current bilingual models take about 3.6 characters of biomedical English a token (names of
# chemicals and genes split often) and about 0.8 tokens a Chinese character. Chosen to be on the safe side.
_CHARS_A_TOKEN = 3.6
_TOKENS_A_HAN = 0.8


def estimate_tokens(text: str) -> int:
    """Return the estimated number of tokens of a text, English and Chinese mixed as they come."""
    chars = len(text)
    if text.isascii():
        return int(chars / _CHARS_A_TOKEN) + 1
    # A Han character takes three bytes in UTF-8: two more than it has characters.
    han = (len(text.encode("utf-8", "surrogatepass")) - chars) / 2
    return int((chars - han) / _CHARS_A_TOKEN + han * _TOKENS_A_HAN) + 1
