"""`overlap`: pairs of datasets with common documents."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_without_common_documents_it_says_so(run: Run) -> None:
    said = run("overlap")
    assert (said.code, said.out) == (0, "no documents in common\n")
    assert "0 pairs of 3 datasets" in said.err


def test_datasets_made_from_one_source_are_a_line(run: Run) -> None:
    said = run("overlap", "drugs", "effects", "--least", "0.9")
    assert said.code == 0
    assert "of 2 datasets" in said.err
