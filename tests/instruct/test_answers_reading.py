"""What reading forgives, what it refuses, and that it always comes to an end."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from taiyi_corpus.instruct import answers

from .answer_words import LANGUAGES, words

TYPES = ["Disease", "Drug"]
LABELS = ["Treatment", "Prevention", "Cause"]
STYLES = [(kind, style) for kind, styles in answers.STYLES.items() for style in styles]

# kind, style, language, options, sloppy text, what it means
SLOPPY: list[tuple[str, str, str, Any, str, Any]] = [
    (
        "mentions",
        "lines",
        "en",
        TYPES,
        " disease： gout ；a;\r\n\n DRUG:b ",
        "Disease: gout; a\nDrug: b",
    ),
    ("mentions", "lines", "en", TYPES, "Disease: gout\nDrug:", "Disease: gout"),
    ("mentions", "lines", "zh", ["疾病"], "疾病: 痛风; 哮喘", "疾病：痛风；哮喘"),
    ("mentions", "lines", "zh", ["疾病"], "文本中没有这些类型的实体", "文本中没有这些类型的实体。"),
    (
        "mentions",
        "pairs",
        "en",
        TYPES,
        "［gout，disease］,[ b , Drug. ]",
        "[gout, Disease], [b, Drug]",
    ),
    (
        *("mentions", "sentence", "en", ["Drug"]),
        "the drug entities in the text are:a;b",
        "The Drug entities in the text are: a; b.",
    ),
    (
        *("mentions", "json", "en", TYPES),
        '```json\n{"drug": ["a"]}\n```\n',
        '{"Disease": [], "Drug": ["a"]}',
    ),
    ("links", "lines", "en", None, "asthma→D1\nx →None.", "asthma → D1\nx → none"),
    ("tuples", "lines", "en", ["treats"], "Treats：[a；b] ;［c; d］", "treats: [a; b]; [c; d]"),
    ("tuples", "triples", "zh", ["治疗"], "(甲; 治疗; 乙)", "（甲；治疗；乙）"),
    ("events", "lines", "en", None, "T:Trigger＝x;Site=;Theme=y;", "T: trigger=x; Theme=y"),
    ("events", "brackets", "zh", None, "T: (触发词: 甲; 部位：乙)", "T：（触发词：甲；部位：乙）"),
    ("clusters", "lines", "en", None, "a;it；\n\nb ; this", "a; it\nb; this"),
    ("labels", "list", "en", LABELS, "cause.", "Cause"),
    ("labels", "json", "en", LABELS, '```\n["CAUSE"]```', '["Cause"]'),
    ("label", "bare", "en", LABELS, " TREATMENT.\n", "Treatment"),
    ("label", "sentence", "en", LABELS, "answer： cause。", "Answer: Cause"),
    ("label", "letter", "en", LABELS, "（ｃ）", "C"),
    ("label", "letter", "en", LABELS, "b.", "B"),
    ("label", "letter_text", "en", LABELS, "C．cause", "C. Cause"),
    ("label", "letter_text", "en", LABELS, "C", "C. Cause"),
    ("label", "json", "en", LABELS, '```JSON {"answer": "cause"} ```', '{"answer": "Cause"}'),
    ("text", "bare", "en", None, "\n a \n", "a"),
]

REFUSED: list[tuple[str, str, Any, str]] = [
    ("mentions", "lines", TYPES, ""),
    ("mentions", "lines", TYPES, "gout"),
    ("mentions", "lines", TYPES, "Gene: p53"),
    ("mentions", "pairs", TYPES, "gout, Disease"),
    ("mentions", "pairs", TYPES, "[gout]"),
    ("mentions", "pairs", TYPES, "[, Disease]"),
    ("mentions", "pairs", TYPES, "[a, Disease]\n[b, Drug]"),
    ("mentions", "sentence", ["Drug"], "a; b"),
    ("mentions", "sentence", ["Drug"], "The Drug entities in the text are: ."),
    ("mentions", "sentence", TYPES, "The Drug entities in the text are: a."),
    ("mentions", "json", TYPES, '["gout"]'),
    ("mentions", "json", TYPES, '{"Drug": "a"}'),
    ("mentions", "json", TYPES, '{"Drug": [1]}'),
    ("mentions", "json", TYPES, '{"Gene": []}'),
    ("mentions", "json", TYPES, '{"Drug": [], "Drug": ["a"]}'),
    ("mentions", "json", TYPES, '{"Drug": ["a"'),
    ("links", "lines", None, "asthma"),
    ("links", "lines", None, "asthma →"),
    ("links", "json", None, '[{"mention": "a"}]'),
    ("links", "json", None, '[{"mention": null, "concept": "a"}]'),
    ("tuples", "lines", ["treats"], "treats: [a; b; c]"),
    ("tuples", "lines", ["treats"], "treats: a; b"),
    ("tuples", "triples", ["treats"], "(a; treats)"),
    ("tuples", "triples", ["treats"], "a; treats; b"),
    ("tuples", "json", ["treats"], '[{"type": "treats", "args": ["a", "b"]}]'),
    ("tuples", "json", ["treats"], '[{"type": "treats", "args": {"head": {}}}]'),
    ("tuples", "json", ["treats"], '{"type": "treats", "args": {}}'),
    ("events", "lines", None, "T: binds"),
    ("events", "lines", None, "T: trigger=a; trigger=b"),
    ("events", "brackets", None, "T: trigger: a"),
    ("events", "json", None, '[{"type": "T", "trigger": 1, "args": {}}]'),
    ("clusters", "lines", None, ";\n"),
    ("clusters", "json", None, '["a"]'),
    ("labels", "list", LABELS, "Cause; Symptom"),
    ("labels", "list", LABELS, ";"),
    ("labels", "json", LABELS, '"Cause"'),
    ("label", "bare", LABELS, ""),
    ("label", "bare", LABELS, "Treatment; Cause"),
    ("label", "sentence", LABELS, "Cause"),
    ("label", "letter", LABELS, "D"),
    ("label", "letter", LABELS, "AB"),
    ("label", "letter", None, "A"),
    ("label", "letter_text", LABELS, "A. Cause"),
    ("label", "json", LABELS, '{"answer": ["Cause"]}'),
    ("label", "json", LABELS, '{"answer": "Cause", "why": ""}'),
]


@pytest.mark.parametrize(("kind", "style", "language", "options", "sloppy", "tidy"), SLOPPY)
def test_a_sloppy_answer_means_the_tidy_one(
    kind: str, style: str, language: str, options: Any, sloppy: str, tidy: str
) -> None:
    given = words(language, kind, style)
    read = answers.parse(kind, style, sloppy, given, options)
    if style == "json":
        assert answers.equal(kind, read, answers.parse(kind, style, tidy, given, options))
    else:
        assert answers.render(kind, style, read, given, options) == tidy


@pytest.mark.parametrize(("kind", "style", "options", "text"), REFUSED)
def test_what_states_no_answer_is_refused(kind: str, style: str, options: Any, text: str) -> None:
    with pytest.raises(answers.Unparsable) as caught:
        answers.parse(kind, style, text, words("en", kind, style), options)
    assert caught.value.reason


def test_roles_that_were_not_asked_for_are_refused() -> None:
    roles = {"treats": ["drug", "disease"]}
    text = '[{"type": "treats", "args": {"drug": "a", "gene": "b"}}]'
    with pytest.raises(answers.Unparsable, match="'gene'"):
        answers.parse("tuples", "json", text, {}, ["treats"], roles=roles)


def test_labels_that_differ_in_case_need_an_exact_match() -> None:
    options = ["US", "us"]
    assert answers.parse("label", "bare", "us", {}, options) == "us"
    with pytest.raises(answers.Unparsable):
        answers.parse("label", "bare", "Us", {}, options)


# --- any text ---------------------------------------------------------------------------------

PIECES = [
    *";；:：,，|→=[]（）(){}.。\"'\\ \n\t\r\u3000\u2028\x00\ud800",
    *(
        "Disease",
        "Drug",
        "Treatment",
        "treats",
        "a",
        "null",
        "1",
        "-",
        "1e9",
        "```",
        "```json",
        "A",
    ),
    *('{"', '":', "], [", "]; [", "trigger", "none", "answer", '"type"', '"args"', "9" * 30),
]


def attempt(kind: str, style: str, language: str, text: str, options: Any) -> None:
    try:
        answers.parse(kind, style, text, words(language, kind, style), options)
    except answers.Unparsable as error:
        assert error.reason


@pytest.mark.parametrize(("kind", "style"), STYLES)
def test_two_thousand_random_texts_raise_nothing_but_unparsable(kind: str, style: str) -> None:
    chance = random.Random(f"{kind} {style}")
    asked: list[list[str] | None] = [["Disease"], ["Disease", "Treatment", "treats", "a"], None]
    for i in range(2_000):
        language = LANGUAGES[i % 2]
        body = "".join(chance.choices(PIECES, k=chance.randint(0, 25)))
        lead = words(language, kind, style).get("lead", "").replace("{type}", "Disease")
        attempt(kind, style, language, lead + body if i % 3 else body, chance.choice(asked))


MEGABYTE = 1_000_000
LONG = {
    "one letter": "a" * MEGABYTE,
    "closing brackets": "]" * MEGABYTE,
    "blanks after a bracket": "[a]" + " " * MEGABYTE,
    "half borders": "[" + "] ; " * (MEGABYTE // 4) + "]",
    "borders": "[" + "a], [" * (MEGABYTE // 5) + "]",
    "items": "Disease: " + "a; " * (MEGABYTE // 3),
    "lines": "Disease: a\n" * (MEGABYTE // 11),
    "fields": "Disease: " + "a=b; " * (MEGABYTE // 5),
    "loose labels": "DISEASE; " * (MEGABYTE // 9),
    "nested JSON": "[" * MEGABYTE,
    "nested objects": '{"a":' * (MEGABYTE // 5),
    "a long number": "9" * MEGABYTE,
    "backslashes": '["' + "\\" * MEGABYTE + '"]',
    "fences": "`" * MEGABYTE,
    "stops": "." * MEGABYTE,
    "blanks": " " * MEGABYTE,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_megabyte_is_read_or_refused_soon(text: str) -> None:
    for kind, style in STYLES:
        options = ["Disease"] + [f"label {i}" for i in range(50)]
        start = time.process_time()
        attempt(
            kind,
            style,
            "en",
            text,
            options if (kind, style) not in answers.ONE_TYPE else options[:1],
        )
        assert time.process_time() - start < 5, (kind, style)
