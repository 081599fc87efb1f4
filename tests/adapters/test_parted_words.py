"""Sentences whose words a tokeniser parted are written as people write."""

from __future__ import annotations

import pytest

from taiyi_corpus.adapters import parted_words
from taiyi_corpus.readers.row import Row


def written(zh: str = "", en: str = "") -> dict[str, str]:
    [row] = parted_words.adapt(iter([Row("a:1", None, {"line": 1, "zh": zh, "en": en})]), {})
    assert row.data["line"] == 1
    return {"zh": row.data["zh"], "en": row.data["en"]}


@pytest.mark.parametrize(
    ("parted", "text"),
    [
        ("患者 服用 了 华法林 （ 10 mg ） 。", "患者服用了华法林（10 mg）。"),
        ("有效率 为 71 % （ 95 % CI ， 58 ～ 80 ） 。", "有效率为71%（95% CI，58～80）。"),
        ("COVID - 19 患者 ， 0.58 - 0.80", "COVID-19患者，0.58-0.80"),
        ("Kaplan Meier 曲线 与 P &lt; 0.05", "Kaplan Meier曲线与P < 0.05"),
    ],
)
def test_chinese_has_blanks_between_foreign_words_only(parted: str, text: str) -> None:
    assert written(zh=parted)["zh"] == text


@pytest.mark.parametrize(
    ("parted", "text"),
    [
        ("efficacy was 71 % ( 95 % CI , 58 to 80 ) .", "efficacy was 71% (95% CI, 58 to 80)."),
        ("a 34 @-@ year @-@ old woman", "a 34-year-old woman"),
        ("the patient &apos;s sons &apos; doses", "the patient's sons' doses"),
        ("a &quot; good &quot; result", 'a " good " result'),
    ],
)
def test_english_has_its_marks_at_the_words_they_belong_to(parted: str, text: str) -> None:
    assert written(en=parted)["en"] == text
