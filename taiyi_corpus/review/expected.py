"""What a bundled sample must give: `registry/samples/<id>/expected.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from taiyi_corpus.schema.record import Record, Split
from taiyi_corpus.spec.mapping import Strict
from taiyi_corpus.spec.strict import read_model

NAME = "expected.yaml"


class Expected(Strict):
    """Counts a split, faults a split, and the non-null fields of the first and the last record."""

    records: dict[Split, int]
    faults: dict[Split, dict[str, int]] = {}
    first: dict[str, Any]
    last: dict[str, Any]


def read_expected(folder: Path) -> Expected | None:
    """Return what a sample folder says it gives; None if it says nothing."""
    path = folder / NAME
    return read_model(path, Expected, root=folder) if path.is_file() else None


def plain(record: Record) -> dict[str, Any]:
    """Return the non-null fields of a record, nested ones too, as plain values."""
    found = _bare(msgspec.to_builtins(record))
    assert isinstance(found, dict)
    for identity in ("dataset", "language", "license", "origin"):
        found.pop(identity)  # the same for every record of the sample
    return found


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if inner is not None}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def of(
    found: list[Record], counts: dict[Split, int], faults: dict[Split, dict[str, int]]
) -> Expected:
    """Return what the records of a sample give."""
    return Expected(records=counts, faults=faults, first=plain(found[0]), last=plain(found[-1]))


def write_expected(folder: Path, expected: Expected) -> None:
    """Write what a sample gives, for its author to read and to commit."""
    data = expected.model_dump(exclude_defaults=True)
    text = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None
    )
    (folder / NAME).write_text(text, encoding="utf-8")
