"""What comes from scispacy alone: its rules for tokens, and its abbreviation detector. Nothing by default needs it."""

from __future__ import annotations

import functools
import importlib
import warnings
from typing import Any

from taiyi_corpus.errors import Fault, InputError

_HINT = "`pip install 'taiyi-corpus[scispacy]'` brings it, on Python 3.12 and below."


def tokenizer_rules(pipeline: Any) -> Any:
    """Return scispacy's tokenizer for an English pipeline.

    Raises:
        InputError: scispacy is missing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the patterns in it
        return _part("scispacy.custom_tokenizer").combined_rule_tokenizer(pipeline)


@functools.lru_cache(maxsize=4096)
def abbreviations(text: str) -> tuple[tuple[str, str], ...]:
    """Return (short form, long form) of every abbreviation that an English text introduces, in the order of the text.

    Of two long forms of one short form the first counts.

    Raises:
        InputError: scispacy is missing.
    """
    if "(" not in text:  # the detector looks for "long form (short form)"
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a text without abbreviations is no cause for one
        doc = _detector()(text)
    found = sorted(
        (span._.long_form.start_char, span.text, span._.long_form.text)
        for span in doc._.abbreviations
    )
    pairs: dict[str, str] = {}
    for _, short, long in found:
        pairs.setdefault(short.strip(), " ".join(long.split()))
    return tuple((short, long) for short, long in pairs.items() if short and long and short != long)


@functools.cache
def _detector() -> Any:
    _part("scispacy.abbreviation")  # importing it registers the component
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("abbreviation_detector")
    return pipeline


def _part(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(
            Fault("scispacy", "the package scispacy, which the recipe asks for", "none", _HINT)
        ) from None
