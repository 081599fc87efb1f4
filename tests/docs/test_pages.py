"""Pages written by hand name what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from taiyi_corpus.curate.filters import FILTERS
from taiyi_corpus.spec.faults import FAULTS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Where a reason is written down in the code.
REASON = re.compile(
    r"""Refused\(\s*"(\w+)"|leave_out\([^"]*"(\w+)"|"((?:\w+_across_windows|\w+_over_budget|trailing_\w+|argument_\w+))",?\s"""
)


def reasons() -> set[str]:
    found = set(FILTERS)
    for folder in ("curate", "instruct", "normalise"):
        for path in (ROOT / "taiyi_corpus" / folder).rglob("*.py"):
            for groups in REASON.findall(path.read_text(encoding="utf-8")):
                found |= {group for group in groups if group}
    return found


def test_the_code_is_searched_in_the_right_places() -> None:
    assert {
        "negative_not_kept",
        "type_skipped",
        "relation_across_windows",
        "trailing_user_turn",
    } <= reasons()


def test_the_page_of_the_ledger_has_every_reason() -> None:
    page = (DOCS / "ledger.md").read_text(encoding="utf-8")
    assert {reason for reason in reasons() - set(FAULTS) if f"`{reason}`" not in page} == set()


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.glob("*.md")), ROOT / "README.md"], ids=lambda p: p.name
)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_index_names_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md", "recipes-intro.md"}
    assert {name for name in pages if f"({name})" not in index} == set()
