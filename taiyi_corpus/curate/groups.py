"""Splits of our own where a source has none: whole groups, by hash, so that what belongs together stays together.

A group is what the source says must not be torn apart (a patient, a question family), else the document, else the text
itself: equal texts of two records, or of two datasets, go the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taiyi_corpus import hashing
from taiyi_corpus.curate.compared import bare_document, unit
from taiyi_corpus.curate.grams import batches, tokenise
from taiyi_corpus.normalise.store import Part, read_part
from taiyi_corpus.schema.arrow import columns_of, from_table
from taiyi_corpus.schema.record import SPLITS, Record, Split

# What of a record its group may depend on.
_COLUMNS = ("group", "document_ns", "document_id", "text", "text_a", "text_b", "question", "choices", "answers",
           "labels", "turns", "source", "target")  # fmt: skip


def group_keys(records: Sequence[Record]) -> list[str]:
    """Return the names of what records must stay together with."""
    keys = [_stated(record) for record in records]
    rest = [row for row, key in enumerate(keys) if key is None]
    texts = [unit(records[row]) for row in rest]
    for piece in batches(texts):
        wholes = tokenise(texts[piece]).words().wholes().tolist()
        for row, whole in zip(rest[piece], wholes, strict=True):
            # What has no words is like nothing else.
            keys[row] = f"text\x1f{whole}" if whole else f"record\x1f{records[row].id}"
    return [key for key in keys if key is not None]


def group_keys_of(part: Part) -> list[str]:
    """Return those names for the records of a part."""
    return group_keys(from_table(read_part(part.path, columns_of(_COLUMNS))))


def _stated(record: Record) -> str | None:
    if record.group is not None:
        return f"group\x1f{record.dataset}\x1f{record.group}"
    if record.document_ns and record.document_id:
        return f"document\x1f{bare_document(f'{record.document_ns}:{record.document_id}')}"
    return None


def split_of(key: str, shares: Mapping[Split, float], seed: int = 0) -> Split:
    """Return the split of a group by the hash of its name: with these shares; `train` has what they leave."""
    drawn = hashing.unit(seed, "split", key)
    for split in SPLITS[1:]:
        drawn -= shares.get(split, 0.0)
        if drawn < 0.0:
            return split
    return "train"
