"""The fields of a clinical record become one text with headings."""

from __future__ import annotations

import pytest

from taiyi_corpus.adapters.headed_parts import adapt
from taiyi_corpus.readers.row import Row


@pytest.mark.parametrize("empty", ["", " ", None])
def test_an_empty_part_has_no_heading(empty: str | None) -> None:
    data = {"chief_complaint": "胃痛三天。", "medical_history": empty, "FDMR": "脉弦。"}
    (row,) = adapt(iter([Row("x:1", None, data)]), {})
    assert isinstance(row, Row)
    assert row.data["text"] == "主诉：胃痛三天。\n四诊：脉弦。"
