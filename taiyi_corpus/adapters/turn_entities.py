"""Dialogues whose utterances list the entities they name: the lists in one place, with the number of the utterance.

A mapping takes speaker and text of an utterance, and what else it holds would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row

_TURN = ("id", "Sentence")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `turn_entities`: an object of type -> names for each utterance that names any, with its number from 1."""
    for row in rows:
        named = [
            {"utterance": number, **lists}
            for number, turn in enumerate(row.data.get("items") or [], 1)
            if (
                lists := {
                    name: found for name, found in turn.items() if name not in _TURN and found
                }
            )
        ]
        yield Row(row.where, row.key, row.data | {"turn_entities": named})
