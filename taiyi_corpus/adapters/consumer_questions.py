"""Consumer questions with expert answers, in three layouts of one XML: a row of question and answers each.

A training question has SUBJECT and MESSAGE, and answers below its sub-questions; a test question has them below
Original-Question, and answers below ReferenceAnswers, called RefAnswer or ReferenceAnswer. A mapping cannot choose
between layouts. Texts are wrapped and indented by tabs; a wrap becomes a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_WRAP = re.compile(r"\s*\n\t+\s*")
_MOVED = ("SUBJECT", "MESSAGE", "Original-Question", "SUB-QUESTIONS", "ReferenceAnswers")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give `id`, `question`, `answers`, and what else there is of both (`subquestions`, `references`)."""
    for row in rows:
        data = row.data
        asked = data.get("Original-Question") or data
        parts = [_text(asked.get(part)) for part in ("SUBJECT", "MESSAGE")]
        made: dict[str, Any] = {name: data[name] for name in data if name not in _MOVED}
        made["id"] = data.get("@qid") or data.get("@questionid")
        made["question"] = " ".join(filter(None, parts))
        made["subquestions"] = (data.get("SUB-QUESTIONS") or {}).get("SUB-QUESTION", [])
        held = [sub.pop("ANSWERS", None) or {} for sub in made["subquestions"]]
        answers = [answer for one in held for answer in one.get("ANSWER", [])]
        found = data.get("ReferenceAnswers") or {}
        made["references"] = [*found.get("RefAnswer", []), *found.get("ReferenceAnswer", [])]
        answers += [answer for ref in made["references"] for answer in ref.pop("ANSWER", [])]
        made["answer_ids"] = [
            a["@answerid"] for a in answers if isinstance(a, dict) and "@answerid" in a
        ]
        made["answers"] = [text for answer in answers if (text := _text(answer))]
        yield Row(row.where, made["id"], made)


def _text(value: Any) -> str:
    raw = value.get("#text", "") if isinstance(value, dict) else value or ""
    return _WRAP.sub(" ", raw).strip()
