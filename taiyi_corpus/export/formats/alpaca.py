"""alpaca: `instruction, input, output`, with `system` and `history` as LLaMA-Factory reads them.

The whole request stands in `instruction`; `input` is empty. What is absent is empty and never null, and the schema is
explicit, so a file without a single dialogue has the same types as one with many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pyarrow as pa

from taiyi_corpus.export.formats.format import FileType, Format, Row, simply, talk_of
from taiyi_corpus.export.manifest import Manifest


def _row(row: Row) -> Row:
    talk = talk_of(row)
    *history, (question, answer) = talk.rounds
    return {
        "instruction": question,
        "input": "",
        "output": answer,
        "system": talk.system or "",
        "history": [list(one) for one in history],
    }


def _side_files(made: Manifest, splits: Sequence[str], file_type: FileType) -> Mapping[str, str]:
    columns = {
        "prompt": "instruction",
        "query": "input",
        "response": "output",
        "system": "system",
        "history": "history",
    }
    return {
        "dataset_info.json": dataset_info(
            made, splits, {"formatting": "alpaca", "columns": columns}
        )
    }


def dataset_info(made: Manifest, splits: Sequence[str], about: Mapping[str, object]) -> str:
    """Return LLaMA-Factory's dataset_info.json: an entry a split, which names the folder of its files."""
    name = str(made.recipe["name"]).replace("-", "_")
    info = {f"taiyi_corpus_{name}_{split}": {"file_name": split, **about} for split in splits}
    return json.dumps(info, indent=2) + "\n"


FORMAT = Format(
    "alpaca",
    ("id", "messages"),
    pa.schema(
        [
            *((name, pa.string()) for name in ("instruction", "input", "output", "system")),
            ("history", pa.list_(pa.list_(pa.string()))),
        ]
    ),
    simply(_row),
    side_files=_side_files,
)
