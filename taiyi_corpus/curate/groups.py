"""Splits of our own where a source has none: whole groups, by hash, so that what belongs together stays together.

A group is what the source says must not be torn apart (a patient, a question family), else the document, else the text
itself: equal texts of two records, or of two datasets, go the same way.
"""

from __future__ import annotations

from collections.abc import Mapping

from taiyi_corpus import hashing
from taiyi_corpus.curate.compared import bare_document, unit
from taiyi_corpus.curate.grams import tokenise
from taiyi_corpus.errors import Fault, InputError
from taiyi_corpus.schema.record import SPLITS, Record, Split


def group_key(record: Record) -> str:
    """Return the name of what a record must stay together with."""
    if record.group is not None:
        return f"group\x1f{record.dataset}\x1f{record.group}"
    if record.document_ns and record.document_id:
        return f"document\x1f{bare_document(f'{record.document_ns}:{record.document_id}')}"
    return f"text\x1f{tokenise([unit(record)]).words().wholes()[0]}"


def split_by_group(record: Record, shares: Mapping[Split, float], seed: int = 0) -> Split:
    """Return the split of a record: by the hash of its group, with these shares; `train` has what they leave.

    Raises:
        InputError: the shares leave nothing for `train`, or one is not from 0 to 1.
    """
    total = sum(shares.values())
    if "train" in shares or total >= 1.0 or min(shares.values(), default=0.0) < 0.0:
        found = ", ".join(f"{name} {share:g}" for name, share in shares.items())
        wanted = "shares of validation and test from 0 to 1 that sum to less than 1"
        raise InputError(Fault("shares", wanted, found))
    drawn = hashing.unit(seed, "split", group_key(record))
    for split in SPLITS[1:]:
        drawn -= shares.get(split, 0.0)
        if drawn < 0.0:
            return split
    return "train"
