"""Repairs of texts: each returns edits, so that offsets follow and the ledger can show what was there.

`REPAIRS` maps the name a recipe uses to the function. They run in the order of this table, whatever the order in the
recipe, because later ones see what earlier ones made.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

from taiyi_corpus.curate.edits import Edit, apply, between

Repairer = Callable[[str], list[Edit]]


def unicode_form(text: str) -> list[Edit]:
    """Compose characters (Unicode NFC)."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return []
    edits = [
        Edit(match.start(), match.group(), composed)
        for match in _CLUSTER.finditer(text)
        if (composed := unicodedata.normalize("NFC", match.group())) != match.group()
    ]
    # A few scripts compose across what is taken for one cluster here.
    composed = unicodedata.normalize("NFC", text)
    return edits if apply(text, edits) == composed else between(text, composed)


def control(text: str) -> list[Edit]:
    """Take out control characters, zero-width characters and soft hyphens."""
    if text.replace("\n", "").isprintable():  # true of most texts, and told three times as fast
        return []
    return [Edit(match.start(), match.group(), "") for match in _CONTROL.finditer(text)]


def mojibake(text: str) -> list[Edit]:
    """Put right UTF-8 that was read as another encoding (ftfy)."""
    if text.isascii() or not _SUSPECT.search(text):
        return []
    import ftfy

    fixed = ftfy.fix_encoding(text)
    # Å² and Å³ are units of area and volume, whatever else their bytes might mean.
    return [edit for edit in between(text, fixed) if not _ANGSTROM.fullmatch(edit.old)]


def entities(text: str) -> list[Edit]:
    """Replace HTML entities by their characters."""
    if "&" not in text:
        return []
    return [
        Edit(match.start(), match.group(), plain)
        for match in _ENTITY.finditer(text)
        if (plain := html.unescape(match.group())) != match.group()
    ]


def tags(text: str) -> list[Edit]:
    """Take out HTML tags; one that breaks a line leaves a line break."""
    if "<" not in text:
        return []
    return [
        Edit(match.start(), match.group(), "\n" if match.group(1).lower() in _BREAKS else "")
        for match in _TAG.finditer(text)
    ]


def tokens(text: str) -> list[Edit]:
    """Put together what a tokeniser cut apart: "@-@", "-LRB-", a blank before a comma."""
    return [Edit(m.start(), m.group(), _joined(m)) for m in _CUT.finditer(text)]


def width(text: str) -> list[Edit]:
    """Replace full-width letters and digits by ordinary ones; full-width marks are Chinese and stay."""
    if text.isascii():
        return []
    return [
        Edit(match.start(), match.group(), unicodedata.normalize("NFKC", match.group()))
        for match in _WIDE.finditer(text)
    ]


_CLUSTER = re.compile(r"[^\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]?"
                      r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]+"
                      r"|[\u0340-\u0387\u0958-\u09df\u1f00-\u1fff\u2000\u2001\u2126\u212a\u212b\uf900-\ufaff\ufb1d-\ufb4e]",
                      re.DOTALL)  # fmt: skip
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe]+"
)
# Lead bytes of UTF-8 as Latin-1 or Windows-1252 shows them, followed by what can only be a continuation there.
_SUSPECT = re.compile(
    "[\u00c2-\u00f4]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_ANGSTROM = re.compile("Å[²³]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAKS = {"br", "p", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4"}
_TAG = re.compile(
    r"</?(br|p|div|li|tr|td|th|ul|ol|table|tbody|h[1-6]|b|i|u|em|strong|sub|sup|span|font|a|img|script|style)"
    r"(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)  # fmt: skip
_CUT = re.compile(
    r" ?@([-/.,:])@ ?|-(?:LRB|RRB|LSB|RSB|LCB|RCB)-|(?<=\w) +(?=[,;:!?](?:\s|$)|\.(?:\s|$))"
)
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def _joined(match: re.Match[str]) -> str:
    return match.group(1) or _BRACKETS.get(match.group(), "")


REPAIRS: dict[str, Repairer] = {
    "mojibake": mojibake,
    "entities": entities,
    "tags": tags,
    "control": control,
    "unicode": unicode_form,
    "tokens": tokens,
    "width": width,
}


def chosen(names: Sequence[str]) -> list[tuple[str, Repairer]]:
    """Return the repairs of a recipe, in the order they run."""
    return [(name, repair) for name, repair in REPAIRS.items() if name in names]
