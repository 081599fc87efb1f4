"""Claims with evidence in cited abstracts: the verdict of each, and the abstract it rests on.

The verdict stands below the ids of abstracts in another file; no evidence means that the cited abstracts do not decide.
A mapping cannot choose among them. An abstract that is not in the file leaves the claim alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Add `text` (the claim and the first abstract with evidence, or cited if none has), `passages`, `verdict`."""
    abstracts = {str(row.data["doc_id"]): row.data for row in side["corpus"]}
    for row in rows:
        evidence: dict[str, list[dict[str, Any]]] | None = row.data.get("evidence")
        ids = list(evidence) if evidence else [*map(str, row.data.get("cited_doc_ids", []))]
        cited = next((id_ for id_ in ids if id_ in abstracts), None)
        found = evidence.get(cited or ids[0]) if evidence else None
        text = claim = row.data["claim"].strip()
        passages = [{"type": "claim", "start": 0, "end": len(claim)}]
        if cited is not None:
            text = " ".join(
                [f"{claim}\n\n{abstracts[cited]['title']}", *abstracts[cited]["abstract"]]
            )
            passages.append({"type": "abstract", "start": len(claim) + 2, "end": len(text)})
        made = {"text": text, "passages": passages, "shown_doc_id": cited}
        if evidence is not None:
            made["verdict"] = found[0]["label"] if found else "NOINFO"
        yield Row(row.where, row.key, {**row.data, **made})
