"""The row of a finished corpus and its one explicit Arrow schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.instruct.told import Told
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


def table_of(made: Sequence[tuple[Instance, Record]], recipe: Recipe) -> pa.Table:
    """Return the rows of instances, each with its record, column by column."""
    instances = [instance for instance, _ in made]
    records = [record for _, record in made]
    stated: dict[str, Any] = {"stage": recipe.stage, "seed": recipe.seed}
    values: dict[str, list[Any]] = {
        "id": [i.id for i in instances],
        "task": [i.task for i in instances],
        "language": [r.language for r in records],
        "instruction_language": [i.instruction_language for i in instances],
        "dataset": [r.dataset for r in records],
        "split": [r.split for r in records],
        "template": [i.template for i in instances],
        "style": [i.style for i in instances],
        "options": [i.options for i in instances],
        "gold": [msgspec.json.encode(i.gold) for i in instances],
        "license": [r.license for r in records],
        "origin": [r.origin for r in records],
        "record_id": [r.id for r in records],
    }
    columns = {field.name: repeated(stated[field.name], field.type, len(made)) if field.name in stated
               else _messages(instances) if field.name == "messages"
               else pa.array(values[field.name], field.type) for field in ROW_SCHEMA}  # fmt: skip
    return pa.table(columns, schema=ROW_SCHEMA)


def table_of_told(told: Told, records: pa.Table, recipe: Recipe) -> pa.Table:
    """Return the rows of instances that are the turns of their records; `records` are those they were found in."""
    of, count = records.take(pa.array(told.rows)), len(told.ids)
    stated = {
        "task": told.task,
        "instruction_language": told.language,
        "stage": recipe.stage,
        "style": told.style,
        "options": None,
        "seed": recipe.seed,
    }
    answers = told.contents.take(pa.array(told.bounds[1:] - 1)).to_pylist()
    values = {
        "id": told.ids,
        "template": told.templates,
        "gold": list(map(msgspec.json.encode, answers)),
    }
    taken = {"record_id": "id"} | {
        name: name for name in ("language", "dataset", "split", "license", "origin")
    }
    columns = {field.name: repeated(stated[field.name], field.type, count) if field.name in stated
               else _said(told) if field.name == "messages"
               else of.column(taken[field.name]) if field.name in taken
               else pa.array(values[field.name], field.type) for field in ROW_SCHEMA}  # fmt: skip
    return pa.table(columns, schema=ROW_SCHEMA)


def _said(told: Told) -> pa.ListArray:
    place = np.arange(len(told.contents)) - np.repeat(told.bounds[:-1], np.diff(told.bounds))
    roles = np.where(place == 0, 0, np.where(place % 2 == 1, 1, 2))
    names = pa.array(["system", "user", "assistant"], pa.string()).take(pa.array(roles))
    return _lists(told.bounds, names, told.contents)


def _messages(instances: Sequence[Instance]) -> pa.ListArray:
    # Built of its parts: a list of dictionaries a row would take Arrow half the time of a whole row.
    messages = [message for instance in instances for message in instance.messages]
    bounds = np.cumsum([0, *(len(instance.messages) for instance in instances)])
    roles = pa.array([m.role for m in messages], pa.string())
    return _lists(bounds, roles, pa.array([m.content for m in messages], pa.string()))


def _lists(
    bounds: npt.NDArray[np.int64], roles: pa.StringArray, contents: pa.StringArray
) -> pa.ListArray:
    type_ = ROW_SCHEMA.field("messages").type
    said = pa.StructArray.from_arrays([roles, contents], fields=list(type_.value_type))
    return pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), said, type=type_)


def repeated(value: Any, type_: pa.DataType, count: int) -> pa.Array:
    """Return a column that holds one value."""
    return pa.repeat(pa.scalar(value, type_), count)
