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

from collections.abc import Callable, Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.adapters._chat import (
    Said,
    alternating,
    answered,
    instructed,
    numbered,
    paired,
    tagged,
)
from taiyi_corpus.readers.row import BadRow, Row

ROW_BY_ROW = True
_LAYOUTS: dict[str, Callable[[dict[str, Any]], list[Said]]] = {
    "conversations": tagged,
    "conversation": paired,
    "data": alternating,
    "chat": numbered,
    "instruction": instructed,
    "input": answered,
}


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
