"""What adapters of dialogues share: a dialogue of one round is a question with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Said = tuple[str, str]  # (role, text); the role is "user" or "assistant"


def question_or_turns(said: Iterable[Said]) -> dict[str, Any]:
    """Return `{question, answer}` for one question with one answer, else `{turns: [{role, text}]}`.

    Consecutive turns of one speaker count as one, and blank ones as none.
    """
    merged: list[Said] = []
    for role, text in ((role, text.strip()) for role, text in said):
        if merged and merged[-1][0] == role and text:
            merged[-1] = (role, f"{merged[-1][1]}\n{text}")
        elif text:
            merged.append((role, text))
    if [role for role, _ in merged] == ["user", "assistant"]:
        return {"question": merged[0][1], "answer": merged[1][1]}
    return {"turns": [{"role": role, "text": text} for role, text in merged]}
