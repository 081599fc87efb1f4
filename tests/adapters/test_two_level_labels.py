"""Two lists of one label each become one label."""

from __future__ import annotations

import pytest

from taiyi_corpus.adapters.two_level_labels import adapt
from taiyi_corpus.readers.row import BadRow, Row


@pytest.mark.parametrize("raw", ["'禁忌'", "禁忌"])
def test_inner_quotes_are_no_part_of_a_label(raw: str) -> None:
    (row,) = adapt(iter([Row("x:1", None, {"label_4class": ["药物"], "label_36class": [raw]})]), {})
    assert isinstance(row, Row)
    assert row.data["label"] == "药物/禁忌"


def test_two_labels_on_a_level_are_a_broken_row() -> None:
    (row,) = adapt(
        iter([Row("x:1", None, {"label_4class": ["药物", "其他"], "label_36class": ["用法"]})]), {}
    )
    assert isinstance(row, BadRow)
