"""What the ledger is made of: one `Drop` for each thing left out, with a reason code."""

from __future__ import annotations

from msgspec import Struct


class Drop(Struct, frozen=True, gc=False):
    """One row, record, annotation or instance that was left out."""

    stage: str  # read | normalise | curate | instruct
    dataset: str
    split: str
    id: str  # "file:line" for a row, the record id, the instance id
    reason: str  # a code: lower case, words joined by "_"
    detail: str = ""
