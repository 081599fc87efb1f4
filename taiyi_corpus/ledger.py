"""What the ledger is made of: one `Drop` for each thing left out, with a reason code."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Stage = Literal["read", "normalise", "curate", "instruct", "export"]
Unit = Literal["row", "record", "annotation", "instance", "text"]


class Drop(Struct, frozen=True, gc=False):
    """One thing that was left out.

    Only drops of a stage's own unit (rows for read, records for normalise and curate, instances for instruct and
    export) take part in the identity in = out + dropped; an annotation left out of a record that stays, or a text
    changed in one, is listed besides.
    """

    stage: Stage
    unit: Unit
    dataset: str
    split: str
    id: str  # "file:line" of a row, the id of a record or instance, "<record id>/<annotation id>"
    reason: str  # a code: lower case, words joined by "_"
    detail: str = ""
