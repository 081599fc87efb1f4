"""What each style writes, in English and Chinese, and that it is read back."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.instruct import answers

from .answer_words import LANGUAGES, words

TYPES = ["Disease", "Drug"]
类型 = ["疾病", "药物"]
MENTIONS = [["Drug", "aspirin"], ["Disease", "gout"], ["Disease", "1,2-x [y]"]]
提及 = [["药物", "阿司匹林"], ["疾病", "痛风"], ["疾病", "哮喘"]]
ONE = [["Disease", "gout"], ["Disease", "U.S."]]

LINKS = [["asthma", "D001249"], ["x", None]]
链接 = [["哮喘", "J45"], ["不适", None]]

ROLES = {
    "treats": ["drug", "disease"],
    "binds": ["agent", "agent"],
    "dose": ["drug", "amount", "route"],
}
RELATIONS = ["binds", "treats", "dose"]
TREATS = [
    {"type": "treats", "args": [["drug", "aspirin"], ["disease", "fever"]]},
    {"type": "treats", "args": [["disease", "pain [acute]"], ["drug", "aspirin"]]},
]
BINDS = [{"type": "binds", "args": [["agent", "p53"], ["agent", "p53"]]}]
DOSE = [{"type": "dose", "args": [["drug", "a"], ["amount", "5 mg"], ["route", "oral"]]}]
关系 = [{"type": "治疗", "args": [["head", "阿司匹林"], ["tail", "发热"]]}]

EVENTS = [
    {"type": "Binding", "trigger": "binds (to)", "args": [["Theme", "A"], ["Theme", "B=C"]]},
    {"type": "Decay", "trigger": None, "args": []},
]
事件 = [{"type": "临床发现", "trigger": "疼痛", "args": [["部位", "左膝"], ["部位", "右膝"]]}]

CLUSTERS = [["asthma", "it"], ["gout", "this"]]
共指 = [["哮喘", "该病"], ["痛风", "其"]]

LABELS = ["Treatment", "Prevention", "Cause"]
类别 = ["治疗", "预防", "病因"]

# kind, style, language, gold, options, roles, text
WRITTEN: list[tuple[str, str, str, Any, Any, Any, str]] = [
    (
        *("mentions", "lines", "en", MENTIONS, TYPES, None),
        "Disease: gout; 1,2-x [y]\nDrug: aspirin",
    ),
    ("mentions", "lines", "zh", 提及, 类型, None, "疾病：痛风；哮喘\n药物：阿司匹林"),
    (
        *("mentions", "pairs", "en", MENTIONS, TYPES, None),
        "[aspirin, Drug], [gout, Disease], [1,2-x [y], Disease]",
    ),
    (
        *("mentions", "pairs", "zh", 提及, 类型, None),
        "[阿司匹林，药物]，[痛风，疾病]，[哮喘，疾病]",
    ),
    (
        *("mentions", "sentence", "en", ONE, ["Disease"], None),
        "The Disease entities in the text are: gout; U.S..",
    ),
    (
        *("mentions", "sentence", "zh", [["疾病", "痛风"]], ["疾病"], None),
        "文本中的疾病有：痛风。",
    ),
    (
        *("mentions", "json", "en", MENTIONS[:1], TYPES, None),
        '{"Disease": [], "Drug": ["aspirin"]}',
    ),
    ("mentions", "json", "zh", [["疾病", '"}\n']], 类型, None, '{"疾病": ["\\"}\\n"], "药物": []}'),
    ("links", "lines", "en", LINKS, None, None, "asthma → D001249\nx → none"),
    ("links", "lines", "zh", 链接, None, None, "哮喘 → J45\n不适 → 无"),
    ("links", "pairs", "en", LINKS, None, None, "[asthma | D001249], [x | none]"),
    ("links", "pairs", "zh", 链接, None, None, "[哮喘 | J45]，[不适 | 无]"),
    (
        *("links", "json", "en", LINKS, ["D001249"], None),
        '[{"mention": "asthma", "concept": "D001249"}, {"mention": "x", "concept": null}]',
    ),
    (
        *("tuples", "lines", "en", TREATS + BINDS + DOSE, RELATIONS, ROLES),
        "binds: [p53; p53]\ntreats: [aspirin; fever]; [aspirin; pain [acute]]\ndose: [a; 5 mg; oral]",
    ),
    ("tuples", "lines", "zh", 关系, ["治疗"], None, "治疗：[阿司匹林；发热]"),
    (
        *("tuples", "sentence", "en", TREATS[:1], ["treats"], ROLES),
        "The pairs in the relation treats are: [aspirin; fever].",
    ),
    (
        "tuples",
        "sentence",
        "zh",
        关系,
        ["治疗"],
        None,
        "具有治疗关系的实体对有：[阿司匹林；发热]。",
    ),
    (
        *("tuples", "triples", "en", TREATS, RELATIONS, ROLES),
        "(aspirin; treats; fever)\n(aspirin; treats; pain [acute])",
    ),
    ("tuples", "triples", "zh", 关系, ["治疗"], None, "（阿司匹林；治疗；发热）"),
    (
        *("tuples", "json", "en", TREATS[:1] + BINDS, RELATIONS, ROLES),
        '[{"type": "treats", "args": {"drug": "aspirin", "disease": "fever"}}, '
        '{"type": "binds", "args": {"agent": ["p53", "p53"]}}]',
    ),
    (
        *("events", "lines", "en", EVENTS, ["Binding", "Decay"], None),
        "Binding: trigger=binds (to); Theme=A; Theme=B=C\nDecay:",
    ),
    ("events", "lines", "zh", 事件, None, None, "临床发现：触发词=疼痛；部位=左膝；部位=右膝"),
    (
        *("events", "brackets", "en", EVENTS, None, None),
        "Binding: (trigger: binds (to); Theme: A; Theme: B=C)\nDecay: ()",
    ),
    (
        "events",
        "brackets",
        "zh",
        事件,
        None,
        None,
        "临床发现：（触发词：疼痛；部位：左膝；部位：右膝）",
    ),
    (
        *("events", "json", "en", EVENTS, None, None),
        '[{"type": "Binding", "trigger": "binds (to)", "args": {"Theme": ["A", "B=C"]}}, '
        '{"type": "Decay", "trigger": null, "args": {}}]',
    ),
    ("clusters", "lines", "en", CLUSTERS, None, None, "asthma; it\ngout; this"),
    ("clusters", "lines", "zh", 共指, None, None, "哮喘；该病\n痛风；其"),
    (
        *("clusters", "sentence", "en", CLUSTERS, None, None),
        "These mentions refer to the same thing: [asthma; it]; [gout; this].",
    ),
    (
        *("clusters", "sentence", "zh", 共指, None, None),
        "指称同一对象的表述有：[哮喘；该病]；[痛风；其]。",
    ),
    ("clusters", "json", "en", CLUSTERS, None, None, '[["asthma", "it"], ["gout", "this"]]'),
    ("labels", "list", "en", ["Cause", "Treatment"], LABELS, None, "Treatment; Cause"),
    ("labels", "list", "zh", ["病因", "治疗"], 类别, None, "治疗；病因"),
    ("labels", "sentence", "en", ["Cause"], LABELS, None, "The text belongs to: Cause."),
    ("labels", "sentence", "zh", ["治疗", "预防"], 类别, None, "该文本的类别是：治疗；预防。"),
    ("labels", "json", "zh", ["预防", "治疗"], 类别, None, '["治疗", "预防"]'),
    ("label", "bare", "en", "Cause", LABELS, None, "Cause"),
    ("label", "bare", "zh", "病因", 类别, None, "病因"),
    ("label", "sentence", "en", "Cause", LABELS, None, "Answer: Cause"),
    ("label", "sentence", "zh", "病因", 类别, None, "答案：病因"),
    ("label", "letter", "en", "Cause", LABELS, None, "C"),
    ("label", "letter_text", "en", "Cause", LABELS, None, "C. Cause"),
    ("label", "letter_text", "zh", "治疗", 类别, None, "A．治疗"),
    ("label", "json", "zh", "治疗", 类别, None, '{"answer": "治疗"}'),
    ("text", "bare", "zh", "可服用\n阿司匹林。", None, None, "可服用\n阿司匹林。"),
]

NOTHING: list[tuple[str, str, str, Any, str]] = [
    ("mentions", "lines", "en", TYPES, "The text contains none of these entities."),
    ("mentions", "pairs", "zh", 类型, "文本中没有这些类型的实体。"),
    ("mentions", "sentence", "en", ["Disease"], "The text contains no Disease entity."),
    ("mentions", "sentence", "zh", ["疾病"], "文本中没有疾病实体。"),
    ("mentions", "json", "en", TYPES, '{"Disease": [], "Drug": []}'),
    ("links", "lines", "en", None, "There is nothing to link."),
    ("links", "pairs", "zh", None, "没有可链接的内容。"),
    ("links", "json", "en", None, "[]"),
    ("tuples", "lines", "en", RELATIONS, "The text states none of these relations."),
    ("tuples", "sentence", "zh", ["治疗"], "文本中没有治疗关系。"),
    ("tuples", "triples", "zh", ["治疗"], "文本中没有这些关系。"),
    ("tuples", "json", "en", RELATIONS, "[]"),
    ("events", "lines", "en", None, "The text describes none of these events."),
    ("events", "brackets", "zh", None, "文本中没有这些事件。"),
    ("events", "json", "en", None, "[]"),
    ("clusters", "lines", "zh", None, "没有指称同一对象的表述。"),
    ("clusters", "sentence", "en", None, "No mentions refer to the same thing."),
    ("clusters", "json", "en", None, "[]"),
    ("labels", "list", "en", LABELS, "None of these labels applies."),
    ("labels", "sentence", "zh", 类别, "以上类别均不符合。"),
    ("labels", "json", "en", LABELS, "[]"),
]


@pytest.mark.parametrize(("kind", "style", "language", "gold", "options", "roles", "text"), WRITTEN)
def test_writes_and_reads_back(
    kind: str, style: str, language: str, gold: Any, options: Any, roles: Any, text: str
) -> None:
    given = words(language, kind, style)
    assert answers.render(kind, style, gold, given, options, roles=roles) == text
    read = answers.parse(kind, style, text, given, options, roles=roles)
    assert answers.equal(kind, read, gold)


@pytest.mark.parametrize(("kind", "style", "language", "options", "text"), NOTHING)
def test_writes_that_there_is_nothing(
    kind: str, style: str, language: str, options: Any, text: str
) -> None:
    given = words(language, kind, style)
    assert answers.render(kind, style, [], given, options) == text
    assert answers.parse(kind, style, text, given, options) == []


def test_every_style_has_a_literal_example() -> None:
    shown = {(kind, style) for kind, style, *_ in WRITTEN}
    assert shown == {(kind, style) for kind, styles in answers.STYLES.items() for style in styles}


def test_every_style_that_knows_nothing_found_has_an_example_of_it() -> None:
    shown = {(kind, style) for kind, style, *_ in NOTHING}
    lists = set(answers.STYLES) - {"label", "text"}
    assert shown == {(kind, style) for kind in lists for style in answers.STYLES[kind]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documented_words_are_complete_and_without_fault(language: str) -> None:
    for kind, styles in answers.STYLES.items():
        for style in styles:
            assert answers.faults_of_words(kind, style, words(language, kind, style)) == []


def test_every_task_has_a_kind() -> None:
    assert len(answers.KINDS) == 20
    assert set(answers.KINDS.values()) == set(answers.STYLES)
