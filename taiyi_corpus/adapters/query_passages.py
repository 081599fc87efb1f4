"""Passages, queries and which passage answers which query, in files of their own: one row a query.

    corpus*.tsv      passage id, passage
    *query.txt       query id, query
    others           query id, passage id; or query id, 0, passage id, 1

Ids of queries restart in each split. A mapping joins files by one key, not through a third one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give `query` and its `passages` with their `passage_ids`; a query that nobody judged has neither.

    The files come in the order above. Without passages there is nothing to give: the source is partial.
    """
    passages: dict[str, str] = {}
    queries: dict[str, Row] = {}
    judged: dict[str, list[str]] = {}
    for row in rows:
        name = PurePosixPath(row.where.rpartition(":")[0]).name
        if name.startswith("corpus"):
            passages[row.data["id"]] = row.data["first"]
        elif name.endswith("query.txt"):
            queries[row.data["id"]] = row
        elif passages:
            passage = row.data["second"] or row.data["first"]
            if row.data["id"] in queries and passage in passages:
                judged.setdefault(row.data["id"], []).append(passage)
            else:
                yield BadRow(
                    row.where,
                    "a query and a passage that are listed",
                    f"{row.data['id']}, {passage}",
                )
    if not passages:
        return
    for id_, row in queries.items():
        data = {"query_id": id_, "query": row.data["first"]}
        if ids := judged.get(id_):
            data |= {"passage_ids": ids, "passages": [passages[passage] for passage in ids]}
        yield Row(row.where, id_, data)
