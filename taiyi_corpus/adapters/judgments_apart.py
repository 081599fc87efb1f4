"""Documents whose judgements stand in files of their own, by source and disease; several files add up.

    <diseases source="intuitive"><disease name="Asthma"><doc id="1" judgment="N"/></disease></diseases>

They are the side table `judgments`. A mapping joins rows by one key, not by two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each document its intuitive judgements as `labels` ("Asthma N"), and the others as `textual`."""
    said: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in side["judgments"]:
        source = row.data["_parents"]["diseases"]["@source"]
        for judged in row.data.get("doc", []):
            said[source, judged["@id"]][row.data["@name"]] = judged["@judgment"]
    for row in rows:
        id_ = row.data["@id"]
        intuitive, textual = said.get(("intuitive", id_)), said.get(("textual", id_))
        labels = (
            [f"{name} {judgment}" for name, judgment in intuitive.items()] if intuitive else None
        )
        yield Row(row.where, id_, {**row.data, "labels": labels, "textual": textual})
