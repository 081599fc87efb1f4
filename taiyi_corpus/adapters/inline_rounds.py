"""Dialogues written into one prompt, each turn behind a mark, with the last answer in a field of its own.

    instruction   " <user>: May I swim? <bot>: Yes. <user>: And dive?"
    output        "Better not."

A mapping cannot cut a string at marks. A dialogue of one round is a question with its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.adapters._rounds import question_or_turns
from taiyi_corpus.readers.row import BadRow, Row

_MARK = re.compile(r"\s*<(user|bot)>:\s*")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Put `question` and `answer`, or `turns`, in the place of `instruction` and `output`."""
    for row in rows:
        prompt = row.data.pop("instruction")
        before, *pieces = _MARK.split(prompt)
        said = [
            ("user" if mark == "user" else "assistant", text)
            for mark, text in zip(pieces[::2], pieces[1::2], strict=True)
        ]
        if before.strip() or not said or said[-1][0] != "user":
            yield BadRow(row.where, "marked turns, the last one of the user", repr(prompt[-40:]))
            continue
        parts = question_or_turns([*said, ("assistant", row.data.pop("output"))])
        yield Row(row.where, row.key, row.data | parts)
