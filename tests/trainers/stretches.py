"""What a trainer trains, as text: the checks compare it with the answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

IGNORED = -100
LIMIT = 16_384  # tokens, over which a trainer would cut: a byte is one


def expected(folder: Path) -> list[list[str]]:
    """Return the answers of every row, sorted: trainers may change the order."""
    read: dict[str, list[str]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return sorted(read.values())


def trained(tokenizer: Any, ids: Sequence[int], mask: Iterable[bool]) -> list[str]:
    """Return the decoded stretches that are trained, without special tokens."""
    made: list[list[int]] = [[]]
    for token, on in zip(ids, mask, strict=True):
        if on:
            made[-1].append(token)
        elif made[-1]:
            made.append([])
    return [tokenizer.decode(one, skip_special_tokens=True) for one in made if one]


def by_labels(tokenizer: Any, rows: Iterable[Any]) -> list[list[str]]:
    """Return the trained stretches of rows with labels."""
    return sorted(
        trained(tokenizer, row["input_ids"], [label != IGNORED for label in row["labels"]])
        for row in rows
    )


def same(what: str, found: list[list[str]], wanted: list[list[str]]) -> None:
    """Stop with both sides if a trainer trains something else than the answers."""
    if found != wanted:
        sys.exit(f"{what}: trained {found}, wanted {wanted}")
    sys.stdout.write(f"{what}: {len(found)} rows, trained tokens are the answers\n")
