"""The last look before texts leave: whatever names a person, by the patterns that curating masks by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from msgspec import Struct

from taiyi_corpus.curate.privacy import PATTERNS, found
from taiyi_corpus.engine.local import run
from taiyi_corpus.errors import Fault, InputError

ROW_TEXTS = ("messages", "options", "gold")
RECORD_TEXTS = (
    "text", "text_a", "text_b", "question", "context", "choices", "answers", "rationale", "turns", "source", "target",
    "target_struct", "extra",
)  # fmt: skip
_BATCH = 2_000
_SHOWN = 3  # ids


class LookJob(Struct, frozen=True):
    """A Parquet file to look at, and its columns that hold text."""

    path: str
    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return what messages call this work."""
        return f"looking through {Path(self.path).name}"


class Seen(Struct):
    """What was found of one dataset: kind -> how often, and the ids of the rows; never the text itself."""

    kinds: dict[str, int] = {}
    ids: list[str] = []

    def merge(self, other: Seen) -> None:
        """Count what was found elsewhere."""
        for kind, count in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + count
        self.ids += other.ids


def look(job: LookJob) -> dict[str, Seen]:
    """Return what names a person in a file, by dataset."""
    seen: dict[str, Seen] = {}
    kinds = tuple(PATTERNS)
    with pq.ParquetFile(job.path) as file:
        for batch in file.iter_batches(_BATCH, columns=["id", "dataset", *job.columns]):
            for row in batch.to_pylist():
                # The same words stand in several columns of a row: they are one finding.
                hits = {
                    (kind, what)
                    for column in job.columns
                    for text in _texts(row[column])
                    for kind, _, what in found(text, kinds)
                }
                if hits:
                    of_one = Seen({}, [row["id"]])
                    for kind, _ in hits:
                        of_one.kinds[kind] = of_one.kinds.get(kind, 0) + 1
                    seen.setdefault(row["dataset"], Seen({}, [])).merge(of_one)
    return seen


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def refuse_personal(
    paths: Sequence[str], columns: tuple[str, ...], allowed: Collection[str], workers: int
) -> None:
    """Look at every text that would be sent.

    Args:
        allowed: datasets whose findings somebody has looked at.

    Raises:
        InputError: something names a person; with counts and ids by dataset, and without the words themselves.
    """
    seen: dict[str, Seen] = {}
    for of_file in run(look, [LookJob(path, columns) for path in paths], workers):
        for id_, one in of_file.items():
            seen.setdefault(id_, Seen({}, [])).merge(one)
    faults = []
    for id_ in sorted(set(seen) - set(allowed)):
        counts = ", ".join(f"{kind} {n:,}" for kind, n in sorted(seen[id_].kinds.items()))
        rows = len(seen[id_].ids)
        ids = ", ".join(seen[id_].ids[:_SHOWN])
        faults.append(
            Fault(
                id_,
                "no text that looks like it names a person",
                f"{counts} in {rows:,} row{'' if rows == 1 else 's'}, such as {ids}",
                "Mask or drop them by `curate: privacy:` of the recipe. If you looked and nobody is named:"
                f" --allow-pii {id_}",
            )
        )
    if faults:
        raise InputError(faults)
