"""Dialogues as lists of marked utterances ("patient: ..."): each utterance becomes a row.

A mapping makes one record of a row. The mark ends at the first colon.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each utterance as `{dialogue, speaker, text, description}`."""
    for position, row in enumerate(rows):
        dialogue = str(position)
        for number, utterance in enumerate(row.data["utterances"]):
            where = f"{row.where}[{number}]"
            speaker, colon, text = utterance.partition(":")
            if not colon:
                yield BadRow(
                    where, "an utterance that starts with its speaker", repr(utterance[:40])
                )
                continue
            data = {"dialogue": dialogue, "speaker": speaker.strip().lower(), "text": text.strip()}
            yield Row(
                where, f"{dialogue}_{number}", {**data, "description": row.data["description"]}
            )
