"""Identifiers of sequence variants and genes, joined into one column of a PubTator file.

    p|SUB|A|1|B;VariantGroup:0;CorrespondingGene:9999;RS#:123        (one column)
    p|SUB|A|1|B TAB RSID:123                                         (two columns)
    NCBI Gene:9999,dbSNP:p|SUB|A|1|B,dbSNP:123                       (a later form of the first)

Only some of the parts name what is mentioned: the others are a number within the document and the gene that a variant
lies in. A mapping cannot tell them apart. A row that lacks its type has the variant's form in that column; the form's
first letter says the type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from taiyi_corpus.adapters import Side
from taiyi_corpus.readers.row import Row

_RS = re.compile(r"(?:RS#:|RSID:|rs)(\d+)$", re.IGNORECASE)
_FORM = re.compile(r"[cgmrnp]?\|")
_KEYED = re.compile(r"(\w+):(.+)")
_BETWEEN = re.compile(r";|,(?=dbSNP:|NCBI Gene:)")  # a variant's form may hold a comma
_DB = {"Gene": "NCBIGene", "Species": "NCBITaxon", "CellLine": "NCBITaxon"}


def adapt(rows: Iterator[Row], side: Side) -> Iterator[Row]:
    """Give each mention `links`, a list of "data base:id"; other keyed parts become fields of the mention."""
    for row in rows:
        for entity in row.data.get("entities", []):
            parts = [*_BETWEEN.split(entity.pop("ids", "")), "|".join(entity.pop("parts", []))]
            if _FORM.match(entity["type"]):
                parts.append(entity["type"])
                protein = entity["type"].startswith("p")
                entity["type"] = "ProteinMutation" if protein else "DNAMutation"
            links = [link for part in parts if part for link in _links(part.strip(), entity)]
            if links:
                entity["links"] = links
        yield row


def _links(part: str, entity: dict[str, Any]) -> list[str]:
    part = part.removeprefix("dbSNP:")
    if gene := part.removeprefix("NCBI Gene:") if part.startswith("NCBI Gene:") else "":
        if entity["type"] == "Gene":
            return [f"NCBIGene:{gene}"]
        entity.setdefault("genes", []).append(gene)
        return []
    if rs := _RS.match(part):
        return [f"dbSNP:{rs[1]}"]
    if _FORM.match(part):
        return [f"tmVar:{part}"]
    if keyed := _KEYED.match(part):
        entity[keyed[1]] = keyed[2]
        return []
    db = _DB.get(entity["type"], "dbSNP")
    ids = [id_ for item in part.split(",") if (id_ := item.strip()) and id_ != "-"]
    if wrong := [id_ for id_ in ids if not id_.isdigit()]:  # a MeSH heading among genes
        entity["other_ids"] = [*entity.get("other_ids", []), *wrong]
    return [f"{db}:{id_}" for id_ in ids if id_.isdigit()]
