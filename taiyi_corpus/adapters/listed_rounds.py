"""Dialogues as a list of strings that open with the speaker: ["问：...", "答：...", ...].

A mapping cannot tell a dialogue of one round, which is a question with its answer, from a longer one.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.adapters._rounds import Said, question_or_turns
from taiyi_corpus.readers.row import BadRow, Row

_ROLES = {"问：": "user", "问:": "user", "答：": "assistant", "答:": "assistant"}
ROW_BY_ROW = True


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Put `question` and `answer`, or `turns`, in the place of `data`."""
    for row in rows:
        strings = row.data.pop("data", None) or []
        said: list[Said] = []
        for string in strings:
            role = _ROLES.get(string.lstrip()[:2])
            if role is None:
                yield BadRow(row.where, f"turns that start with {list(_ROLES)}", repr(string[:40]))
                break
            said.append((role, string.lstrip()[2:]))
        else:
            yield Row(row.where, row.key, row.data | question_or_turns(said))
