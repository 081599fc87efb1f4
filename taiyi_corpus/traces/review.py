"""A reviewer's verdict: six whole numbers from 0 to 5 and a comment, as JSON."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct

from taiyi_corpus.rewards.literal import LONGEST
from taiyi_corpus.traces.prompts import CRITERIA


class Review(Struct, frozen=True):
    """What a reviewer says."""

    scores: dict[str, int]
    comment: str

    def accepts(self, threshold: int) -> bool:
        """Tell whether every score is high enough."""
        return min(self.scores.values()) >= threshold


def read_review(text: str) -> Review | None:
    """Return the verdict that a text holds, None if it is none: a verdict is never guessed."""
    start, end = text.find("{"), text.rfind("}")
    if not 0 <= start < end or end - start > LONGEST:
        return None
    try:
        value: Any = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    scores: dict[str, Any] = {name: value.get(name) for name in CRITERIA}
    comment = value.get("comment", "")
    if not all(type(score) is int and 0 <= score <= 5 for score in scores.values()):
        return None
    return Review(scores, comment.strip()) if isinstance(comment, str) else None


def form(comment: str) -> str:
    """Return the JSON that a reviewer is asked for."""
    return json.dumps({**dict.fromkeys(CRITERIA, 0), "comment": comment}, ensure_ascii=False)
