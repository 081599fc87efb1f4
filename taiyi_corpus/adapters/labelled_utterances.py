"""Dialogues whose utterances are labelled one by one: each utterance becomes a row.

A mapping cannot cut a dialogue into records.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each utterance as it is, with the key of its dialogue and `text`, "speaker：utterance"."""
    for row in rows:
        for number, said in enumerate(row.data["dialogue"], 1):
            key = f"{row.key}-{said.get('sentence_id', number)}"
            text = f"{said['speaker']}：{said['sentence']}"
            yield Row(
                f"{row.where}:{number}",
                key,
                {**said, "key": key, "dialogue": row.key, "text": text},
            )
