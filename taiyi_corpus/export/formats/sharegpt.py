"""sharegpt: `conversations[{from: human|gpt, value}]` with `system`, as LLaMA-Factory reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from taiyi_corpus.export.formats.alpaca import dataset_info
from taiyi_corpus.export.formats.format import FileType, Format, Row, simply, talk_of
from taiyi_corpus.export.manifest import Manifest

_TAGS = {
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
}


def _row(row: Row) -> Row:
    talk = talk_of(row)
    said = [
        {"from": who, "value": text}
        for one in talk.rounds
        for who, text in zip(("human", "gpt"), one, strict=True)
    ]
    return {"conversations": said, "system": talk.system or ""}


def _side_files(made: Manifest, splits: Sequence[str], file_type: FileType) -> Mapping[str, str]:
    columns = {"messages": "conversations", "system": "system"}
    about = {"formatting": "sharegpt", "columns": columns, "tags": _TAGS}
    return {"dataset_info.json": dataset_info(made, splits, about)}


FORMAT = Format(
    "sharegpt",
    ("id", "messages"),
    pa.schema(
        [
            ("conversations", pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))),
            ("system", pa.string()),
        ]
    ),
    simply(_row),
    side_files=_side_files,
)
