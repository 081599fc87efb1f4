"""Each filter alone, by a record that trips it and ones that do not."""

from __future__ import annotations

import pytest

from taiyi_corpus.curate.filters import FILTERS, Setting, chosen
from taiyi_corpus.errors import InputError
from taiyi_corpus.schema.record import Answer, Choice, Record, Turn
from taiyi_corpus.spec.curation import Limits
from tests.curate.made import record
from tests.toys import dataset

SETTING = Setting(
    dataset(labels={"classes": {"yes": {"en": "yes", "zh": "是"}}}),
    Limits(text_max={"en": 4000, "zh": 2000}),
)
ASKED, ANSWERED = Turn("user", "Why does it hurt?"), Turn("assistant", "Because of the swelling.")


def asked(question: str, *answers: str, **parts: object) -> Record:
    return record(question=question, answers=[Answer(text=text) for text in answers], **parts)


def options(*texts: str, right: str | None = None, **parts: object) -> Record:
    choices = [Choice(key, text) for key, text in zip("ABCDE", texts, strict=False)]
    answers = [Answer(text=right)] if right is not None else None
    return record(question="Which one?", choices=choices, answers=answers, **parts)


CHINESE = "患者三天前开始咳嗽，伴有发热，体温最高三十九度，没有胸痛，自己服药以后没有明显好转，所以今天来医院看病。"
ENGLISH = "The patient has had a cough for three days, with fever of up to 39 degrees, and the chest is not clear."
GERMAN = "Der Patient hat seit drei Tagen Husten und Fieber, und es ist nicht besser geworden, auch mit Salbe nicht."
FRENCH = "Le patient a de la fièvre et une toux depuis trois jours, et il ne va pas mieux avec les comprimés."
TRIPPED: dict[str, Record] = {
    "advertisement": record(turns=[ASKED, Turn("assistant", "请加我的微信，详细咨询。")]),
    "answer_degenerate": asked("May I take it?", "……"),
    "answer_is_link": asked("May I take it?", "http://example.org/a?b=1"),
    "answer_is_question": asked("Why so? ", "So.", " Why so?"),
    "dialogue_one_sided": record(turns=[ASKED]),
    "dialogue_unanswered": record(turns=[ASKED, ANSWERED, Turn("user", "Thank you.")]),
    "gold_outside": record(text="It itched.", labels=["perhaps"]),
    "option_missing": options("one", " "),
    "option_repeated": options("one", "two", "ONE "),
    "pair_identical_sides": record(source="a ", target=" a"),
    "repetitive": asked("Why?", "Drink water. " * 60),
    "stem_missing": record(question="(1~3题共用题干) 最可能的诊断是"),
    "text_cut_off": asked(
        "Why?", "It hurts because the tissue around the joint is swollen and the nerves in the"
    ),
    "too_long": record(text=" ".join(f"word{number}" for number in range(1000))),
    "too_short": record(text="I"),
    "wrong_language": record(text=GERMAN),
}
PASSED: dict[str, list[Record]] = {
    "advertisement": [
        record(turns=[Turn("user", "我加了医生的微信。"), ANSWERED]),  # the patient may say so
        record(turns=[ASKED, Turn("assistant", "建议挂号就诊。")]),
    ],
    "answer_degenerate": [asked("Why?", "5"), asked("Why?", "足"), options("-", "b", right="-"), record(text="x")],
    "answer_is_link": [asked("Where?", "It is on http://example.org."), record(text="http://example.org")],
    "answer_is_question": [asked("Why?", "So."), record(question="Why?"), record(text="x")],
    "dialogue_one_sided": [record(turns=[ASKED, ANSWERED]), record(text="x")],
    "dialogue_unanswered": [record(turns=[ASKED, ANSWERED]), record(text="x")],
    "gold_outside": [record(text="x", labels=["yes"]), record(text="x", labels=[]), options("a", "b", right="a")],
    "option_missing": [options("one", "two"), record(text="x")],
    "option_repeated": [options("one", "two"), options("one", ""), record(text="x")],
    "pair_identical_sides": [record(source="a", target="A"), record(source="a"), record(target="a")],
    "repetitive": [asked("Why?", CHINESE * 2), asked("Drink water. " * 60, "So.")],
    "stem_missing": [
        record(question=f"(1~3题共用题干) {CHINESE * 2}最可能的诊断是"),
        record(question="(1~3题共用题干) 诊断是", context=CHINESE),
        record(question="Which of these is right?"),
    ],
    "text_cut_off": [
        asked("Why?", "It hurts because the tissue around the joint is swollen and the nerves are under pressure."),
        asked("Why?", "Because of the"),  # too short to tell
        record(text="What is annotated may be cut as it likes: it stays as its source has it, even without an end of"),
    ],
    "too_long": [record(text=ENGLISH)],
    "too_short": [record(text="pH?"), record(text="足痛", language="zh"), asked("x", "yes")],
    "wrong_language": [
        record(text=ENGLISH), record(text=CHINESE, language="zh"), record(text="VAS 3"),
        record(text="ASA 1-2", language="zh"), record(text=f"{CHINESE} {ENGLISH}", language="zh"),
        record(source=CHINESE, target=ENGLISH, language="zh", target_language="en"),
    ],
}  # fmt: skip


def test_every_filter_is_tried() -> None:
    assert set(TRIPPED) == set(PASSED) == set(FILTERS)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_drops_what_it_is_named_for_and_nothing_else(name: str) -> None:
    assert FILTERS[name](TRIPPED[name], SETTING)
    assert [FILTERS[name](found, SETTING) for found in PASSED[name]] == [None] * len(PASSED[name])
    others = [other for other in FILTERS if other != name]
    assert {o: why for o in others if (why := FILTERS[o](TRIPPED[name], SETTING)) is not None} == {}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("answer_degenerate", asked("Why?", "N/A")),
        ("answer_degenerate", record(source="A long text.", target=" 无 ")),
        ("answer_is_link", asked("Where?", "www.example.org, https://example.org")),
        ("gold_outside", options("a", "b", right="c")),
        ("option_missing", options("one")),
        ("stem_missing", record(question="Questions 3-5: the most likely diagnosis is")),
        ("stem_missing", record(question="该患者首选的治疗是")),
        ("text_cut_off", record(source="肿胀的组织压迫神经，" * 8, target="It hurts.")),
        ("wrong_language", record(text=FRENCH)),
        ("wrong_language", record(text=CHINESE)),
        ("wrong_language", record(text=ENGLISH, language="zh")),
        ("wrong_language", record(text="これは患者の記録です。" * 8, language="zh")),
        (
            "wrong_language",
            record(text="Пациент кашляет третий день, температура тридцать девять. " * 2),
        ),
        ("advertisement", asked("怎么办", "可拨打我院咨询热线了解。")),
    ],
)
def test_other_forms_of_the_same(name: str, found: Record) -> None:
    assert FILTERS[name](found, SETTING)


def test_thresholds_are_those_of_the_recipe() -> None:
    strict = Setting(SETTING.spec, Limits(answer_min={"en": 10}))

    assert FILTERS["answer_degenerate"](asked("Why?", "Because."), strict)
    assert FILTERS["answer_degenerate"](asked("Why?", "Because."), SETTING) is None


def test_filters_come_in_the_order_of_the_recipe() -> None:
    names = [*FILTERS][::-1]

    assert [name for name, _ in chosen(names)] == names


def test_every_unknown_filter_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError) as error:
        chosen(["answer_is_questoin", "dialogue_one_sided", "?"])

    assert [fault.found for fault in error.value.faults] == ["'answer_is_questoin'", "'?'"]
    assert "'answer_is_question'" in error.value.faults[0].hint
