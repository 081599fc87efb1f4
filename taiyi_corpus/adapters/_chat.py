"""The layouts of chat data: each function takes its fields out of a row and returns who said what, in order."""

from __future__ import annotations

import re
from typing import Any

Said = tuple[str, str]
_SPEAKERS = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant"}
_HISTORY = re.compile(r"(?:^|\n)(Human|Assistant):")
_TOKEN = re.compile(r"^<\|[^|]+\|>:\s*|<eo[a-z]>\s*$")


def tagged(data: dict[str, Any]) -> list[Said]:
    """Return what [{from, value}, ...] says."""
    return [(_SPEAKERS[turn["from"]], turn["value"]) for turn in data.pop("conversations")]


def paired(data: dict[str, Any]) -> list[Said]:
    """Return what [{human, assistant}, ...] says."""
    rounds = data.pop("conversation")
    return [said for r in rounds for said in (("user", r["human"]), ("assistant", r["assistant"]))]


def alternating(data: dict[str, Any]) -> list[Said]:
    """Return what a list of strings says, the user first."""
    return [(("user", "assistant")[n % 2], text) for n, text in enumerate(data.pop("data"))]


def numbered(data: dict[str, Any]) -> list[Said]:
    """Return what {turn_1: {Human, MOSS, ...}, ...} says; what tools said goes to `tools`."""
    # turn_10 comes after turn_9.
    rounds = sorted(data.pop("chat").items(), key=lambda item: int(item[0].rpartition("_")[2]))
    said: list[Said] = []
    for name, turn in rounds:
        parts = {speaker: _TOKEN.sub("", _TOKEN.sub("", text)) for speaker, text in turn.items()}
        said += [("user", parts.pop("Human")), ("assistant", parts.pop("MOSS"))]
        # Thoughts, commands and results of tools; "None" where no tool is used.
        if tools := {
            part: text for part, text in parts.items() if text.strip() not in ("", "None")
        }:
            data.setdefault("tools", {})[name] = tools
    return said


def instructed(data: dict[str, Any]) -> list[Said]:
    """Return what a prompt says, with the dialogue that may be written into it, and its output."""
    prompt, answer = data.pop("instruction"), ("assistant", data.pop("output").strip())
    if given := data.pop("input", ""):
        prompt = f"{prompt}\n{given}"
    before, *pieces = _HISTORY.split(prompt)
    if before.strip() or not prompt.rstrip().endswith("Assistant:"):
        return [("user", prompt), answer]
    history = zip(pieces[::2], pieces[1::2], strict=True)
    said = [
        (_SPEAKERS["human" if who == "Human" else "gpt"], text.strip()) for who, text in history
    ]
    return [*said[:-1], answer]


def answered(data: dict[str, Any]) -> list[Said]:
    """Return what a prompt and its answer say."""
    return [("user", data.pop("input")), ("assistant", data.pop("target"))]
