"""Documents annotated with mentions alone, told by a side table `mentions_only` that holds a file of each.

Their standoff files have no relation, which does not mean that there is none: relations become null. Documents and
files go together by the name of their folder and their stem ("MedLine/21704241").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Set the relations of the documents of `mentions_only` to null."""
    paths = [PurePosixPath(row.where.rpartition(":")[0]) for row in side["mentions_only"]]
    named = {(path.parent.name, path.stem) for path in paths}
    for row in rows:
        if (row.data.get("folder"), row.data["id"]) in named:
            row.data["relations"] = None
        yield row
