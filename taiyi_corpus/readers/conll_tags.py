"""Tags of tokens, decoded to runs: which tokens make a mention, and of which type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Scheme = Literal["bio", "iob1", "iobes"]

OUTSIDE = "O"
_LETTERS: dict[Scheme, str] = {"bio": "BI", "iob1": "BI", "iobes": "BIES"}


def runs(
    tags: Sequence[tuple[str, bool]], scheme: Scheme
) -> tuple[list[tuple[int, int, str]], str | None]:
    """Return the mentions as (first token, last token, type), and the first tag that breaks the scheme.

    `tags` are (tag, whether the token is the first of a sentence); no mention crosses a sentence.
    """
    found: list[tuple[int, int, str]] = []
    open_at: int | None = None
    open_type = ""

    def close(last: int) -> None:
        nonlocal open_at
        if open_at is not None:
            found.append((open_at, last, open_type))
        open_at = None

    for at, (tag, first) in enumerate(tags):
        letter, _, type_ = tag.partition("-")
        goes_on = open_at is not None and not first and letter in "IE" and type_ == open_type
        if not goes_on:
            if open_at is not None and scheme == "iobes":
                return [], tags[at - 1][0]  # B and I of this scheme must come to an E
            close(at - 1)
        if tag == OUTSIDE:
            continue
        if letter not in _LETTERS[scheme] or not letter or not type_:
            return [], tag
        if not goes_on:
            if letter == "E" or (letter == "I" and scheme != "iob1"):
                return [], tag
            open_at, open_type = at, type_
        if letter in "ES" and letter:
            close(at)
    if open_at is not None and scheme == "iobes":
        return [], tags[-1][0]
    close(len(tags) - 1)
    return found, None
