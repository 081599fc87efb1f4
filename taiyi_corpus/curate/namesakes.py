"""Leaks that only a third dataset shows: it gives both the name that is protected and the name that a record has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from taiyi_corpus.curate.compared import documents
from taiyi_corpus.curate.crossrefs import Names
from taiyi_corpus.curate.curated import Batch, records_of
from taiyi_corpus.curate.grams import contains
from taiyi_corpus.curate.leaks import Leak
from taiyi_corpus.curate.protected import Index, Protected
from taiyi_corpus.ledger import Drop


def drop_namesakes(batches: Sequence[Batch], index: Index) -> None:
    """Drop records whose document is protected by another name; masks, drops and leaks of the batches are changed."""
    names = Names([index.links, *(batch.curated.array("links") for batch in batches)])
    if not len(names):
        return
    hashes = index.hashes["document"]
    protected = names.one_name(np.asarray(hashes))
    order = np.argsort(protected, kind="stable")
    protected = protected[order]
    for curated in (batch.curated for batch in batches):
        known = curated.array("documents")
        own = names.one_name(known)
        rows = np.flatnonzero(curated.keep & (known != 0) & contains(own, protected))
        if not len(rows):
            continue
        curated.keep[rows] = False
        low, high = (np.searchsorted(protected, own[rows], side) for side in ("left", "right"))
        for record, start, end in zip(records_of(curated.part, rows), low, high, strict=True):
            owners: list[Protected] = []
            for value in sorted(hashes[order[start:end]].tolist()):
                owners += index.owners_of("document", value)
            sources = sorted({index.sources[owner.source] for owner in owners})
            leak = Leak(0, "leak_document", sources, owners[0].id, documents(record)[0])
            curated.drops.append(
                Drop(
                    "curate",
                    "record",
                    record.dataset,
                    record.split,
                    record.id,
                    leak.reason,
                    leak.detail,
                )
            )
            for source in sources:
                curated.leaks[source] = curated.leaks.get(source, 0) + 1
