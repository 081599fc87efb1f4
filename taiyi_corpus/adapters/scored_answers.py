"""Retrieved answers that experts scored from 1 (incorrect) to 4 (excellent): which of them are right.

Right are those of score 3 or 4, the best rank first; all of them, in the order of the system that retrieved them, are
the context. A mapping can neither choose nor sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_RIGHT = ("3", "4")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give `context`, `answers`, and of each retrieved answer what is not its text (`retrieved`)."""
    for row in rows:
        data = dict(row.data)
        retrieved: list[dict[str, Any]] = (data.pop("AnswerList") or {}).get("Answer", [])
        retrieved.sort(key=lambda answer: int(answer["@SystemRank"]))
        right = [answer for answer in retrieved if answer.get("@ReferenceScore") in _RIGHT]
        right.sort(key=lambda answer: int(answer["@ReferenceRank"]))
        data["answers"] = [answer["AnswerText"] for answer in right]
        data["context"] = "\n\n".join(answer["AnswerText"] for answer in retrieved)
        data["retrieved"] = [
            {name: value for name, value in answer.items() if name != "AnswerText"}
            for answer in retrieved
        ]
        yield Row(row.where, row.key, data)
