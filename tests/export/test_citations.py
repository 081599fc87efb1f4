"""Citations as BibTeX: names, year and title apart where the text has them, and nothing that breaks a .bib file."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.export.citations import bibtex
from tests.toys import dataset


def cited(text: str, **given: Any) -> str:
    return bibtex([dataset("toy", citation={"text": text, **given})])


def test_a_citation_in_the_usual_form_has_its_fields() -> None:
    entry = cited("Doe JR, van der Roe A (2016). A corpus. A journal 5:2.", doi="10.1/x_y")

    assert entry == (
        "@misc{toy,\n  author = {Doe, J R and van der Roe, A},\n  title = {{A corpus}},\n  year = {2016},\n"
        "  howpublished = {A journal 5:2.},\n  doi = {10.1/x_y},\n  url = {https://example.org}\n}\n"
    )


def test_any_other_text_is_a_note() -> None:
    entry = cited("See the README")

    assert "note = {See the README}" in entry
    assert "title = {{Toy}}" in entry


def test_what_tex_reads_as_a_command_is_escaped() -> None:
    assert r"note = {50\% of A\&B \{x\} a\_b \textbackslash{}c}" in cited(r"50% of A&B {x} a_b \c")


def test_arxiv_and_acl_have_their_own_fields() -> None:
    entry = cited("x", arxiv="1234.5", acl="P19-1")

    assert "eprint = {1234.5}" in entry
    assert "url = {https://aclanthology.org/P19-1}" in entry


def test_entries_come_by_id() -> None:
    both = bibtex([dataset("b"), dataset("a")])

    assert both.index("@misc{a,") < both.index("@misc{b,")


def test_initials_of_a_double_name_stay_together() -> None:
    assert "author = {Wei, C-H and {The CDR Group}}," in cited(
        "Wei C-H, The CDR Group (2016). A corpus. J 5."
    )
