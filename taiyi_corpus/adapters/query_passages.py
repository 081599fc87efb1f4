"""Passages, queries and which passage answers which query, in files of their own: one row a pair.

    corpus*.tsv      passage id, passage
    *.query.txt      query id, query
    others           query id, passage id; or query id, 0, passage id, 1

Each judged pair is followed by one that is not: the query with a passage drawn by a hash of the query's id. Ids of
queries restart in each split. A mapping cannot join files, nor draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

from taiyi_corpus import hashing
from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give `query`, `passage` and `label`, 1 or 0; a query that nobody judged stays alone.

    The files come in the order above. Without passages there is nothing to give: the source is partial.
    """
    passages: dict[str, str] = {}
    queries: dict[str, Row] = {}
    judged: dict[str, list[str]] = {}
    for row in rows:
        name = PurePosixPath(row.where.rpartition(":")[0]).name
        if name.startswith("corpus"):
            passages[row.data["id"]] = row.data["first"]
        elif name.endswith(".query.txt"):
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
    ids = list(passages)
    for id_, row in queries.items():
        query = {"query_id": id_, "query": row.data["first"]}
        if (right := judged.get(id_)) is None:
            yield Row(row.where, id_, query | {"key": id_})
            continue
        pairs = [(passage, "1") for passage in right]
        # A passage that answers the query is no negative: draw again under another key.
        draws = (hashing.pick(ids, 0, "passage", f"{id_}.{turn}") for turn in range(100))
        pairs += [(passage, "0") for passage in islice((d for d in draws if d not in right), 1)]
        for passage, label in pairs:
            pair = {"key": f"{id_}-{passage}", "passage": passages[passage], "label": label}
            yield Row(
                row.where, pair["key"], query | pair | ({"drawn": True} if label == "0" else {})
            )
