"""A dialogue and the first of its reports become source and target."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters.dialogue_report import adapt
from taiyi_corpus.readers.row import BadRow, Row

REPORT = {
    "主诉": "咳。",
    "现病史": "咳一天。",
    "辅助检查": "暂缺。",
    "既往史": "不详。",
    "诊断": "感冒。",
    "建议": "休息。",
}


def adapted(**more: Any) -> Any:
    """Return what the adapter makes of a dialogue of one utterance."""
    data = {"dialogue": [{"speaker": "医生", "sentence": "几天了"}], **more}
    (row,) = adapt(iter([Row("x.json#0", "7", data)]), {})
    return row


@pytest.mark.parametrize("spelling", ["self_report", "self-report"])
def test_the_patients_own_report_opens_the_source(spelling: str) -> None:
    assert adapted(**{spelling: "孩子咳嗽"}).data["source"] == "患者：孩子咳嗽\n医生：几天了"


def test_the_first_report_is_the_target_its_sections_in_order() -> None:
    shuffled = dict(reversed(REPORT.items()))
    data = adapted(report=[shuffled, {**REPORT, "主诉": "另一份。"}]).data
    assert data["target"].splitlines()[0] == "主诉：咳。"
    assert data["target"].splitlines()[-1] == "建议：休息。"


def test_a_dialogue_without_reports_has_no_target() -> None:
    assert "target" not in adapted().data


def test_a_report_that_lacks_a_section_is_broken() -> None:
    row = adapted(report=[{name: text for name, text in REPORT.items() if name != "建议"}])
    assert isinstance(row, BadRow)
    assert "建议" in row.found
