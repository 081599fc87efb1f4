"""Identity of documents: bare ids of one form per name space, so that corpora over one abstract are seen to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from taiyi_corpus import paths
from taiyi_corpus.review.open import records, stored
from taiyi_corpus.spec.registry import load_registry

REGISTRY = load_registry([paths.bundled("registry")])
FORMS = {
    "pmid": r"[1-9]\d{0,8}",
    "pmcid": r"[1-9]\d{0,8}",  # without "PMC"
    "nct": r"NCT\d{8}",
    "doi": r"10\.\d{4,9}/[^\sA-Z]+",
}
LOOKS_LIKE = re.compile(
    r"PMID\W?\d{6}|PMC\d{6}|NCT\d{8}|\"(?:pmid|pmcid|doi|nct_?id)\":", re.IGNORECASE
)


@pytest.mark.parametrize("id_", list(REGISTRY))
def test_ids_are_bare_and_none_is_overlooked(id_: str, tmp_path: Path) -> None:
    for record in records(stored(REGISTRY, id_, tmp_path, samples=True)[1]):
        assert (record.document_ns is None) is (record.document_id is None)
        if record.document_ns is None:
            assert not LOOKS_LIKE.search(f"{record.id} {record.extra}"), record.id
        elif record.document_ns in FORMS:
            assert re.fullmatch(FORMS[record.document_ns], record.document_id or ""), record.id


def test_name_spaces_are_written_alike() -> None:
    spaces = {d.ns for spec in REGISTRY.values() for d in spec.map.documents}
    assert {"pmid", "pmcid", "nct"} <= spaces
    folded: dict[str, set[str]] = {}
    for space in spaces:
        folded.setdefault(re.sub(r"[^a-z0-9]", "", space.lower()), set()).add(space)
    assert all(len(forms) == 1 for forms in folded.values())


def test_what_shares_a_source_says_so_on_both_sides() -> None:
    one_sided = [
        (id_, other)
        for id_, spec in REGISTRY.items()
        for other in spec.shares_source_with
        if id_ not in REGISTRY[other].shares_source_with
    ]
    assert one_sided == []
