"""Small datasets for tests: a JSONL file a split, from wherever a test says."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.spec.dataset import DatasetSpec


def spec(
    id_: str = "toy", splits: dict[str, list[str]] | None = None, **source: Any
) -> DatasetSpec:
    """Return a dataset whose splits are made of some patterns, from some source."""
    return DatasetSpec.model_validate(
        {
            "id": id_,
            "name": id_.title(),
            "language": "en",
            "tasks": ["tc"],
            "about": "Invented sentences.",
            "homepage": "https://example.org/toy",
            "citation": {"text": "Nobody (2026). Nothing."},
            "license": {"name": "CC0-1.0", "says": "this file", "redistributable": True},
            "access": source.pop("access", "open"),
            "source": source,
            "reader": {"format": "jsonl"},
            "splits": {
                split: {"sources": [{"files": patterns}]}
                for split, patterns in (splits or {"train": ["train.jsonl"]}).items()
            },
            "map": {"text": "text", "labels": {"path": "label"}},
            "labels": {"classes": {"yes": {"en": "yes", "zh": "是"}}},
        }
    )
