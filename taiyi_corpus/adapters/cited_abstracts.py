"""Articles whose abstract stands with those of the articles they cite: one text of all of them.

Each cited abstract follows its mark ("@cite_5: ..."), in the order of the file; one that is empty is left out. A
mapping cannot walk an object whose keys it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give `abstracts`, and the ids of the cited articles (`cited`)."""
    for row in rows:
        data = dict(row.data)
        references = data.pop("ref_abstract")
        parts = [data.pop("abstract").strip()]
        parts += [
            f"{mark}: {ref['abstract'].strip()}"
            for mark, ref in references.items()
            if ref["abstract"].strip()
        ]
        data["abstracts"] = "\n\n".join(parts)
        data["cited"] = {mark: ref["mid"] for mark, ref in references.items()}
        yield Row(row.where, row.key, data)
