"""Questions on hospital admissions, whose notes lie in a table of their own (columns HADM_ID and TEXT).

The admission is the number of six digits in the question or, else, in its SQL query. The notes are the side table
`notes`; several of one admission are joined. A mapping cannot find a number in a text, nor look rows up by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_ADMISSION = re.compile(r"(?<!\d)\d{6}(?!\d)")


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each question its `admission`, and the notes of that admission as `note`."""
    notes: defaultdict[str, list[str]] = defaultdict(list)
    for row in side["notes"]:
        notes[str(row.data["HADM_ID"]).strip()].append(row.data["TEXT"])
    for row in rows:
        said = f"{row.data.get('NL_Question') or ''} {row.data.get('SQL_Query') or ''}"
        found = _ADMISSION.search(said)
        admission = found[0] if found else ""
        note = "\n\n".join(notes[admission]) if admission in notes else None
        yield Row(row.where, row.key, {**row.data, "admission": admission or None, "note": note})
