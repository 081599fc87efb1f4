"""Labels on two levels, each in a list of its own and maybe in quotes: both as one label, "primary/secondary".

The same secondary label may stand under two primary ones, so that a mapping of one field cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Add `label` to rows whose `label_4class` and `label_36class` are lists of one."""
    for row in rows:
        levels = [row.data.get(name) or [] for name in ("label_4class", "label_36class")]
        if any(len(level) != 1 for level in levels):
            yield BadRow(row.where, "one label on each level", repr(levels))
            continue
        label = "/".join(level[0].strip().strip("'\"") for level in levels)
        yield Row(row.where, row.key, row.data | {"label": label})
