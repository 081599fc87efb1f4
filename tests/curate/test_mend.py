"""Repairs and masks: what each does alone, what it leaves, what the ledger says."""

from __future__ import annotations

import pytest

from taiyi_corpus.curate.edits import apply
from taiyi_corpus.curate.mend import mend
from taiyi_corpus.curate.privacy import PATTERNS, WORDS, found, looked_at, masked
from taiyi_corpus.curate.repair import REPAIRS
from taiyi_corpus.curate.restore import restore
from taiyi_corpus.schema.record import Answer, Choice, Turn
from taiyi_corpus.spec.curation import Curation, Personal, Privacy
from tests.curate.made import record
from tests.toys import dataset

REPAIRED = {
    "unicode": ("cafe\u0301 5 A\u030a, \u212b", "café 5 Å, Å"),
    "control": ("a\x07b\u200bc\xadd\ufeff\te\n", "abcd\te\n"),
    "mojibake": ("the patientâ€™s cafÃ© at 37Â°", "the patient’s café at 37°"),
    "entities": ("5 &lt; 6 &amp; &#956;g &nosuch; AT&T;", "5 < 6 & μg &nosuch; AT&T;"),
    "tags": ("H<sub>2</sub>O<br/>p < 0.05, <10% and a<b>c", "H2O\np < 0.05, <10% and ac"),
    "tokens": ("anti @-@ viral , -LRB- new -RRB- drugs .", "anti-viral, ( new ) drugs."),
    "width": ("ＴＡＣＥ术后１４天，ｐ＝０．０５", "TACE术后14天，p＝0．05"),
}
UNTOUCHED = [
    "Aspirin (100 mg) eases pain.",
    "患者于三天前出现咳嗽。",
    "in 5 Å³ of water",
    "naïve Übermaß £5 ©",
    "a\tb\nc",
]


@pytest.mark.parametrize("name", REPAIRS)
def test_a_repair(name: str) -> None:
    before, after = REPAIRED[name]
    assert apply(before, REPAIRS[name](before)) == after


@pytest.mark.parametrize("name", REPAIRS)
@pytest.mark.parametrize("text", UNTOUCHED)
def test_a_sound_text_is_left_alone(name: str, text: str) -> None:
    assert REPAIRS[name](text) == []


def test_every_text_of_a_record_is_repaired_and_the_ledger_can_undo_it() -> None:
    before = record(
        question="a&lt;b", context="c&lt;d", choices=[Choice("A", "e&lt;f")], answers=[Answer(text="e&lt;f")],
        rationale="g", turns=[Turn("user", "h&lt;i")], source="j&lt;k",
    )  # fmt: skip
    (after,), lines, _ = mend([before], dataset(), Curation(repair=["entities"]))
    assert (after.question, after.context, after.source) == ("a<b", "c<d", "j<k")
    assert after.choices == [Choice("A", "e<f")]
    assert after.answers == [Answer(text="e<f")]
    assert after.turns == [Turn("user", "h<i")]
    assert {line.id.removeprefix("toy/train/1/") for line in lines} == {
        "question", "context", "choices.0", "answers.0", "turns.0", "source",
    }  # fmt: skip
    assert {(line.unit, line.reason) for line in lines} == {("text", "repaired_entities")}
    assert restore(after, lines) == before


def test_a_text_is_not_repaired_into_nothing() -> None:
    before = record(text="<br/>")
    assert mend([before], dataset(), Curation(repair=["tags"]))[:2] == ([before], [])


# --- privacy ----------------------------------------------------------------------------------

PERSONAL: dict[Personal, list[str]] = {
    "phone": ["电话13812345678。", "call (555) 123-4567", "010-12345678", "+86 138 1234 5678"],
    "email": ["写信到jane.doe@example.org。", "mail jd@mail.example.com, please"],
    "id_card": ["身份证11010519491231002X"],
    "account": ["微信号：abc_12345", "加我QQ 123456789", "vx：doc2024a"],
    "link": ["http://example.org/show?uid=12345", "www.example.org/user/jane-doe"],
    "record_number": ["住院号：0012345", "MRN 12345678"],
    "name": ["姓名：王小明，男", "我叫李华，今年三十岁", "My name is Jane Doe."],
}
HARMLESS = [
    "白细胞 12.5×10^9/L，血压 120/80 mmHg，PMID 12345678", "see http://example.org/page.html", "体重13812克",
    "我叫医生过来", "p=0.0001 in 2019-2021 (n=12345)", "@-@", "the name of the gene is BRCA1", "ICD-10 I10.900",
    "患者王某，男，三十岁", "NCT01234567", "10.1093/database/baw068",
]  # fmt: skip


def test_every_kind_is_tried() -> None:
    assert set(PERSONAL) == set(PATTERNS) == set(WORDS)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in PERSONAL.items() for text in texts]
)
def test_what_is_personal_is_found_and_called_what_it_is(kind: Personal, text: str) -> None:
    assert [one for one, _, _ in found(text, list(PATTERNS))] == [kind]
    assert WORDS[kind][0] in apply(text, masked(text, [kind], "en"))
    others = [other for other in PATTERNS if other != kind]
    assert masked(text, others, "en") == []


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert list(found(text, list(PATTERNS))) == []


def test_masks_leave_no_trace_in_the_ledger_and_offsets_follow() -> None:
    from taiyi_corpus.schema.record import Entity, Span

    text = "电话13812345678，咳嗽三天"
    before = record(
        text=text,
        entities=[Entity(id="T1", type="Sign", spans=[Span(14, 16)], text="咳嗽")],
        language="zh",
    )
    spec = dataset(tags=["patient"])
    (after,), (line,), _ = mend([before], spec, Curation(privacy=Privacy(mask=["phone"])))
    assert after.text == "电话[电话]，咳嗽三天"
    assert (after.entities or [])[0].spans == [Span(7, 9)]
    assert (line.reason, line.detail) == ("masked", "1: [电话]")


def test_dropping_names_the_kind_and_not_what_was_said() -> None:
    settings = Curation(privacy=Privacy(drop=["phone"]))
    _, _, spilled = mend(
        [record(text="x"), record(text="电话13812345678")], dataset(tags=["patient"]), settings
    )
    assert spilled == [(1, "personal_data", "phone")]


def test_only_texts_of_patients_are_searched_and_surrogates_never() -> None:
    privacy = Privacy(mask=["phone"])
    assert looked_at(dataset(tags=["dialogue"]), privacy)
    assert not looked_at(dataset(tags=["pubmed"]), privacy)
    assert not looked_at(dataset("n2c2_2014_deid", tags=["clinical"]), privacy)
    assert not looked_at(dataset(tags=["dialogue"]), Privacy(mask=["phone"], exempt=["toy"]))
    assert not looked_at(dataset(tags=["dialogue"]), Privacy())
