"""Invented datasets for tests: a registry entry with what a test says of it, and records made from plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taiyi_corpus.ledger import Drop
from taiyi_corpus.normalise.stream import Normaliser, Tally
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.dataset import DatasetSpec

DRUG_AND_DISEASE = {
    "Drug": {"en": "drug", "zh": "药物"},
    "Disease": {"en": "disease", "zh": "疾病"},
}


def dataset(id_: str = "toy", **given: Any) -> DatasetSpec:
    """A registry entry of `given` keys, with the keys every entry must have."""
    entry: dict[str, Any] = {
        "id": id_,
        "name": id_.title(),
        "language": "en",
        "tasks": ["tc"],
        "about": "Invented.",
        "homepage": "https://example.org",
        "citation": {"text": "Doe 2024"},
        "license": {"name": "MIT", "says": "LICENSE", "redistributable": True},
        "access": "open",
        "source": {},
        "reader": {"format": "jsonl"},
        "splits": {"train": {"sources": [{"files": ["train.jsonl"]}]}},
    }
    return DatasetSpec.model_validate(entry | given)


@dataclass
class Normalised:
    """What the rows of one split became."""

    records: list[Record]
    drops: list[Drop]
    tally: Tally

    @property
    def only(self) -> Record:
        assert [drop.reason for drop in self.drops if drop.unit != "annotation"] == []
        (record,) = self.records
        return record

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """(unit, reason) of each drop, in order."""
        return [(drop.unit, drop.reason) for drop in self.drops]


def normalise(
    spec: DatasetSpec, *rows: dict[str, Any] | Row | BadRow, split: Split = "train"
) -> Normalised:
    """Normalise rows as those of one split."""
    normaliser = Normaliser(spec, spec, split, "raw")
    given: Sequence[Row | BadRow] = [
        Row(f"train.jsonl:{n}", None, row) if isinstance(row, dict) else row
        for n, row in enumerate(rows, 1)
    ]
    items = list(normaliser(given))
    return Normalised(
        [item for item in items if isinstance(item, Record)],
        [item for item in items if isinstance(item, Drop)],
        normaliser.finish(),
    )
