"""Answers: gold rendered as text in a style, and a model's text parsed back to gold.

Pure functions. All words (delimiters, lead-ins, the sentence for "nothing found") come from the template, so nothing
here is bound to a language; docs/templates-styles.md lists them. What `render` writes, `parse` reads back: `render`
raises `Confusable` for a gold that a style cannot hold apart, and style "json" (for kind "text": "bare") never does.
`parse` raises `Unparsable` and nothing else, on any text. Both ask for words without `faults_of_words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taiyi_corpus.errors import nearest
from taiyi_corpus.instruct.answers import (
    clusters,
    events,
    label,
    labels,
    links,
    mentions,
    text,
    tuples,
    words,
)
from taiyi_corpus.instruct.answers.label import letter_of
from taiyi_corpus.instruct.answers.style import Confusable, Frame, Gold, Style, Unlisted, Unparsable

__all__ = [
    "KINDS",
    "ONE_TYPE",
    "STYLES",
    "Confusable",
    "Gold",
    "Unlisted",
    "Unparsable",
    "equal",
    "faults_of_words",
    "letter_of",
    "parse",
    "render",
    "words_of",
]

_MODULES = {
    "mentions": mentions,
    "links": links,
    "tuples": tuples,
    "events": events,
    "clusters": clusters,
    "labels": labels,
    "label": label,
    "text": text,
}
_TABLE: dict[str, dict[str, Style]] = {kind: module.STYLES for kind, module in _MODULES.items()}

KINDS: dict[str, str] = {
    "ner": "mentions",
    "nen": "links",
    "abbreviation": "links",
    "re": "tuples",
    "cre": "tuples",
    "ee": "events",
    "coref": "clusters",
    "tc": "labels",
    "qa_choice": "label",
    "qa_yesno": "label",
    "qa_sqa": "text",
    "qa_cqa": "text",
    "mrd": "text",
    "mt": "text",
    "tp_ss": "label",
    "tp_te": "label",
    "tt_ds": "text",
    "tt_ts": "text",
    "cot": "text",
    "chat": "text",
}
STYLES: dict[str, tuple[str, ...]] = {kind: tuple(styles) for kind, styles in _TABLE.items()}
ONE_TYPE = frozenset({("mentions", "sentence"), ("tuples", "sentence")})  # need exactly one option


def words_of(kind: str, style: str) -> tuple[str, ...]:
    """Return the words that a template must give for a style."""
    return _style(kind, style).words


def faults_of_words(kind: str, style: str, given: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the words given for a style, in plain sentences; none if all is well."""
    return words.faults(given, words_of(kind, style), (kind, style) in ONE_TYPE)


def render(
    kind: str,
    style: str,
    gold: Gold,
    words: Mapping[str, str],
    options: Sequence[str] | None = None,
    *,
    roles: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return `gold` as text in a style; raise Confusable if the text could not be read back.

    `options` are the labels or choices shown, in shown order; `roles` the roles of each relation or event type. A gold
    label (type, role) that is not among them is a fault of the caller and raises ValueError. Repeats in a gold that
    is compared as a set may be written once.
    """
    return _style(kind, style).render(gold, Frame(words, options, roles))


def parse(
    kind: str,
    style: str,
    text: str,
    words: Mapping[str, str],
    options: Sequence[str] | None = None,
    *,
    roles: Mapping[str, Sequence[str]] | None = None,
) -> Gold:
    """Return the gold that a text states in a style; raise Unparsable if it states none.

    Forgives what does not change the content: blanks around values, full-width for half-width delimiters, a code fence
    around JSON, a missing closing mark, letter case and a closing period in labels shown as options.
    """
    return _style(kind, style).parse(text, Frame(words, options, roles))


def equal(kind: str, a: Gold, b: Gold) -> bool:
    """Tell whether two golds say the same: lists as sets, arguments in any order, values without blanks around them."""
    canonical = _MODULES[kind].canonical
    return bool(canonical(a) == canonical(b))


def _style(kind: str, style: str) -> Style:
    if style not in _TABLE.get(kind, {}):
        hint = nearest(style, STYLES[kind]) if kind in STYLES else nearest(kind, tuple(STYLES))
        raise ValueError(f"no answer style {style!r} for kind {kind!r}. {hint}")
    return _TABLE[kind][style]
