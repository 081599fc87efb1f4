"""How many tokens a text has: counted by a tokenizer where one is given, estimated otherwise."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.language.words import words

ROLE_TOKENS = 4  # what a chat template puts around a message, about
# Byte-pair vocabularies of current bilingual models take about 3.6 characters of biomedical English a token (names of
# chemicals and genes split often) and about 0.8 tokens a Chinese character. Chosen to be on the safe side.
_CHARS_A_TOKEN = 3.6
_TOKENS_A_HAN = 0.8
# Of words of jieba the share is steadier: 1.0 of chat to 1.35 of records dense with terms and numbers.
_TOKENS_A_WORD = 1.4
_SIGNS_A_TOKEN = 2.0  # between Chinese words stand numbers and units, each digit a token of its own


def count_tokens(text: str, tokenizer: str | None = None) -> int:
    """Return the number of tokens of a text, without special tokens; without a tokenizer, the estimate.

    Args:
        tokenizer: a tokenizer.json, or the folder that holds it.

    Raises:
        InputError: there is no such file, or the package `tokenizers` is missing.
    """
    if tokenizer is None:
        return estimate_tokens(text)
    return len(_tokenizer(tokenizer).encode(text, add_special_tokens=False))


def estimate_tokens(text: str) -> int:
    """Return the estimated number of tokens of a text, English and Chinese mixed as they come."""
    chars = len(text)
    if text.isascii():
        return int(chars / _CHARS_A_TOKEN) + 1
    # A Han character takes three bytes in UTF-8: two more than it has characters.
    han = (len(text.encode("utf-8", "surrogatepass")) - chars) / 2
    return int((chars - han) / _CHARS_A_TOKEN + han * _TOKENS_A_HAN) + 1


def estimate_all(texts: pa.StringArray) -> npt.NDArray[np.int64]:
    """Return the estimated number of tokens of each of many texts, as `estimate_tokens` gives it."""
    chars = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
    han = (pc.binary_length(texts).to_numpy(zero_copy_only=False) - chars) / 2
    found = (chars - han) / _CHARS_A_TOKEN + han * _TOKENS_A_HAN
    return np.asarray(found.astype(np.int64) + 1)


def estimate_by_words(text: str) -> int:
    """Return the estimated number of tokens of a text, Chinese by its words: nearer, and a hundred times slower."""
    if text.isascii():
        return estimate_tokens(text)
    pieces = words(text)
    signs = sum(len(piece) for piece in pieces if piece.isascii())
    chinese = sum(not piece.isascii() for piece in pieces)
    return int(chinese * _TOKENS_A_WORD + signs / _SIGNS_A_TOKEN) + 1


@functools.cache
def _tokenizer(name: str) -> Any:
    path = Path(name)
    file = path / "tokenizer.json" if path.is_dir() else path
    if not file.is_file():
        hint = "A build downloads nothing: name a file or folder that is there."
        raise InputError(Fault("tokenizer", "a tokenizer.json, or a folder with one", name, hint))
    try:
        from tokenizers import Tokenizer
    except ImportError:
        hint = "`pip install 'taiyi-corpus[pack]'` brings it."
        raise InputError(Fault("tokenizer", "the package tokenizers", "none", hint)) from None
    made = Tokenizer.from_file(str(file))
    # What a file says of cutting and padding is meant for training, not for counting.
    made.no_truncation()
    made.no_padding()
    return made
