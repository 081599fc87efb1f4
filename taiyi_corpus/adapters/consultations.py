"""Consultations in headed sections (see `labelled_sections`), of which most are one question with its answer.

Some questions open with the words that the input field of the site showed ("Hi, may I answer your health queries right
now ? Please type your query here..."); they are no part of the question. A mapping cannot cut them off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side, labelled_sections
from taiyi_corpus.adapters._rounds import question_or_turns
from taiyi_corpus.readers.row import BadRow, Row

_ROLES = {"Patient": "user", "Doctor": "assistant"}
_FIELD = re.compile(
    r"\s*hi,? may i answer your health queries right now ?\?\s*"
    r"(please type( your query here)?[.…]*)?",
    re.IGNORECASE,
)


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each consultation with `question` and `answer`, or with `turns`."""
    for row in labelled_sections.adapt(rows, side):
        if isinstance(row, Row):
            turns = row.data.pop("turns")
            said = [(_ROLES[turn["role"]], turn["text"]) for turn in turns]
            row.data |= question_or_turns(
                (role, _FIELD.sub("", text, count=1) if role == "user" else text)
                for role, text in said
            )
        yield row
