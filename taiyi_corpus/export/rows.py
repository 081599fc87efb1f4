"""The row of a finished corpus and its one explicit Arrow schema."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa

from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.schema.record import Record
from taiyi_corpus.spec.recipe import Recipe

_STRINGS = ("task", "language", "instruction_language", "dataset", "split")

ROW_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field(
            "messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
        ),
        *(pa.field(name, pa.string()) for name in _STRINGS),
        pa.field("stage", pa.int8()),
        pa.field("template", pa.string()),
        pa.field("style", pa.string()),
        pa.field("options", pa.list_(pa.string())),
        pa.field("gold", pa.string()),
        pa.field("license", pa.string()),
        pa.field("origin", pa.string()),
        pa.field("record_id", pa.string()),
        pa.field("seed", pa.int64()),
    ]
)


def row_of(instance: Instance, record: Record, recipe: Recipe) -> dict[str, Any]:
    """Return the row of an instance; keys and order are those of `ROW_SCHEMA`."""
    return {
        "id": instance.id,
        "messages": [{"role": m.role, "content": m.content} for m in instance.messages],
        "task": instance.task,
        "language": record.language,
        "instruction_language": instance.instruction_language,
        "dataset": record.dataset,
        "split": record.split,
        "stage": recipe.stage,
        "template": instance.template,
        "style": instance.style,
        "options": instance.options,
        "gold": msgspec.json.encode(instance.gold).decode(),
        "license": record.license,
        "origin": record.origin,
        "record_id": record.id,
        "seed": recipe.seed,
    }
