"""Annotation files of several annotators, a line a concept or relation, without the texts.

    set TAB agreed TAB concept TAB surface TAB start TAB end TAB annotators TAB ids TAB number TAB group
    set TAB agreed TAB relation TAB number TAB number TAB ids TAB ids TAB span TAB span TAB annotators TAB type

Texts are the side table `texts` (pmid, title, abstract): title and abstract joined by one space. What was not agreed
upon ("False") is no gold and is listed under `not_agreed`, unless an agreed relation names it. The surface is often a
shorter form than what stands at the offsets. A file whose name holds "_" repeats another one. A mapping can do none of
this.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import BadRow, Row


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row | BadRow]:
    """Give each abstract its text, entities and relations; `ids` are those of UMLS, others `other_ids`."""
    texts = {str(row.data["pmid"]): row.data for row in side["texts"]}
    for row in rows:
        pmid = row.data["stem"]
        if "_" in pmid:
            continue
        if pmid not in texts:
            yield BadRow(row.where, "the text of the abstract, which is not released", "none")
            continue
        lines = [line.split("\t") for line in row.data["text"].splitlines() if line.strip()]
        agreed = [cells for cells in lines if cells[1] == "True"]
        related = {n for cells in agreed if cells[2] == "relation" for n in cells[3:5]}
        entities: dict[str, dict[str, Any]] = {}
        relations, others = [], []
        for cells in lines:
            concept = cells[2] == "concept"
            if cells[1] != "True" and not (concept and cells[8] in related):
                others.append(cells)
            elif concept:
                name = cells[8] if cells[8] not in entities else f"{cells[8]}-{cells[9]}"
                entities[name] = {"id": name, **_concept(cells)}
            else:
                args = [{"role": f"Arg{n}", "ref": ref} for n, ref in enumerate(cells[3:5], 1)]
                relations.append({"type": cells[-1], "args": args, "annotators": cells[9]})
        title, abstract = texts[pmid]["title"], texts[pmid]["abstract"]
        passages = [
            (0, len(title), "title"),
            (len(title) + 1, len(title) + 1 + len(abstract), "abstract"),
        ]
        data = {
            "id": pmid,
            "set": lines[0][0] if lines else None,
            "text": f"{title} {abstract}",
            "passages": [{"type": t, "start": a, "end": b} for a, b, t in passages],
            "entities": list(entities.values()),
            "relations": relations,
            "not_agreed": others,
        }
        yield Row(row.where, pmid, data)


def _concept(cells: list[str]) -> dict[str, Any]:
    ids = [str(id_) for id_ in ast.literal_eval(cells[7])]
    return {
        "type": cells[9],
        "spans": [[int(cells[4]), int(cells[5])]],
        "surface": cells[3],
        "annotators": cells[6],
        "ids": [id_ for id_ in ids if id_.startswith("umls/")],
        "other_ids": [id_ for id_ in ids if not id_.startswith("umls/")],
    }
