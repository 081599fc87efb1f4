"""From written identifiers to links: which data base, which accession."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from taiyi_corpus.normalise.annotations import KNOWN
from taiyi_corpus.normalise.paths import getter, text_getter, text_of
from taiyi_corpus.schema.record import Link
from taiyi_corpus.spec.mapping import LinksMap, Names


def links_reader(spec: LinksMap) -> Callable[[Any], list[Link] | None]:
    """Return a function that gives the concept links of a mention: [] for no concept, None where nothing is said."""
    get, none = getter(spec.path), frozenset(spec.none)
    splitter = re.compile("|".join(re.escape(sep) for sep in spec.split)) if spec.split else None
    link = linker(spec.db, spec.prefixes)

    def parsed(found: list[Any], item: Any) -> list[Link] | None:
        raws = [text_of(raw) or "" for raw in found]
        pieces = [piece for raw in raws for piece in (splitter.split(raw) if splitter else [raw])]
        ids = [id_ for piece in pieces if (id_ := piece.strip()) and id_ not in none]
        links = list(dict.fromkeys(link(id_, item) for id_ in ids))
        return links if links or any(piece.strip() in none for piece in pieces) else None

    @functools.lru_cache(KNOWN)
    def said(raw: str) -> list[Link] | None:
        return parsed([raw], None)

    def read(item: Any) -> list[Link] | None:
        found = get(item)
        if isinstance(found, str) and not isinstance(spec.db, Names):
            links = said(found)
            return None if links is None else [*links]
        return parsed(found if isinstance(found, list) else [found], item)

    return read


def linker(db: str | Names | None, prefixes: dict[str, str]) -> Callable[[str, Any], Link]:
    """Return a function that makes a link of an identifier and what carries it."""
    look_up = text_getter(db) if isinstance(db, Names) else None

    def link(id_: str, item: Any) -> Link:
        for prefix, known in prefixes.items():
            if id_.startswith(prefix):
                return Link(known, id_[len(prefix) :])
        return Link((look_up(item) if look_up else db if isinstance(db, str) else None) or "", id_)

    return link


def db_paths(db: str | Names | None) -> list[str]:
    """Return the path that a table of data bases reads."""
    return [db.path] if isinstance(db, Names) else []
