"""The formats of trainers: each turns a row of a build into a row of its own, under one explicit Arrow schema.

| format | rows | read by |
|---|---|---|
| messages | `messages[{role, content}]` | TRL, ms-swift, axolotl |
| prompt-completion | `prompt`, `completion`: both lists of messages | TRL |
| alpaca | `instruction, input, output, system, history[[user, assistant]]` | LLaMA-Factory |
| sharegpt | `conversations[{from, value}], system` | LLaMA-Factory |
| taiyi | the record of the paper's release | whatever reads that |
"""

from __future__ import annotations

from taiyi_corpus.export.formats import alpaca, messages, prompt_completion, sharegpt, taiyi
from taiyi_corpus.export.formats.format import Format

FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        messages.FORMAT,
        prompt_completion.FORMAT,
        alpaca.FORMAT,
        sharegpt.FORMAT,
        taiyi.FORMAT,
    )
}

__all__ = ["FORMATS", "Format"]
