r"""General chat data, which circulates in several layouts: each becomes `turns`.

    conversations   [{from: human, value}, {from: gpt, value}]
    conversation    [{human, assistant}]
    data            [string of the user, string of the assistant, ...]
    chat            {turn_1: {Human: "<|Human|>: ...<eoh>\n", MOSS: "<|MOSS|>: ...<eom>\n"}}
    instruction     a prompt, or "Human:...\nAssistant:...\nHuman:...\nAssistant:"; with input and output
    input, target   a prompt and its answer

One file may mix them, and a mapping cannot ask which one a row is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

Said = tuple[str, str]
_SPEAKERS = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant"}
_HISTORY = re.compile(r"(?:^|\n)(Human|Assistant):")
_TOKEN = re.compile(r"^<\|[^|]+\|>:\s*|<eo[a-z]>\s*$")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Put `turns` in the place of the fields that hold the dialogue."""
    for row in rows:
        layout = next((key for key in _LAYOUTS if row.data.get(key)), None)
        try:
            said = _LAYOUTS[layout](row.data) if layout else []
        except (KeyError, TypeError, AttributeError) as error:
            yield BadRow(row.where, f"a dialogue as `{layout}` holds it", repr(error)[:80])
            continue
        if layout is None:
            wanted = f"one of the fields {', '.join(_LAYOUTS)}"
            yield BadRow(row.where, wanted, ", ".join(row.data))
            continue
        turns = [{"role": role, "text": text} for role, text in said if text.strip()]
        yield Row(row.where, row.key, row.data | {"turns": turns})


def _tagged(data: dict[str, Any]) -> list[Said]:
    return [(_SPEAKERS[turn["from"]], turn["value"]) for turn in data.pop("conversations")]


def _paired(data: dict[str, Any]) -> list[Said]:
    rounds = data.pop("conversation")
    return [said for r in rounds for said in (("user", r["human"]), ("assistant", r["assistant"]))]


def _alternating(data: dict[str, Any]) -> list[Said]:
    return [(("user", "assistant")[n % 2], text) for n, text in enumerate(data.pop("data"))]


def _numbered(data: dict[str, Any]) -> list[Said]:
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


def _instructed(data: dict[str, Any]) -> list[Said]:
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


def _answered(data: dict[str, Any]) -> list[Said]:
    return [("user", data.pop("input")), ("assistant", data.pop("target"))]


_LAYOUTS: dict[str, Callable[[dict[str, Any]], list[Said]]] = {
    "conversations": _tagged,
    "conversation": _paired,
    "data": _alternating,
    "chat": _numbered,
    "instruction": _instructed,
    "input": _answered,
}
