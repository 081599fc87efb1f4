"""Which values a style cannot hold apart, next to the nearest that it can; and which words a template may give."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.instruct import answers

from .answer_words import words


def relation(*texts: str, type_: str = "t") -> list[dict[str, Any]]:
    roles = ["head", "tail", "third"][: len(texts)]
    return [{"type": type_, "args": [list(arg) for arg in zip(roles, texts, strict=True)]}]


def event(trigger: str | None, *args: list[str], type_: str = "t") -> list[dict[str, Any]]:
    return [{"type": type_, "trigger": trigger, "args": list(args)}]


# kind, style, refused, part of the reason, taken
BESIDE: list[tuple[str, str, Any, str, Any]] = [
    ("mentions", "lines", [["t", "a;b"]], "delimiter", [["t", "a:b"]]),
    ("mentions", "lines", [["t", "a；b"]], "delimiter", [["t", "a，b"]]),
    ("mentions", "lines", [["t: u", "a"]], "delimiter", [["t; u", "a"]]),
    ("mentions", "lines", [["t", "a\nb"]], "line break", [["t", "a b"]]),
    ("mentions", "lines", [["t", "a\u2028b"]], "line break", [["t", "a\u3000b"]]),
    ("mentions", "lines", [["t", " a"]], "blanks", [["t", "a"]]),
    ("mentions", "lines", [["t", "\u3000"]], "blank", [["t", "."]]),
    ("mentions", "pairs", [["t, u", "a"]], "delimiter", [["t", "a, u"]]),
    ("mentions", "pairs", [["t", "a], [b"]], "border", [["t", "a] [b"]]),
    ("mentions", "pairs", [["[t]", "[a]"]], "border", [["[t]", "[a"]]),
    ("links", "lines", [["a → b", "c"]], "delimiter", [["a", "b → c"]]),
    ("links", "lines", [["a", "None."]], "no concept", [["a", "none of these"]]),
    ("links", "pairs", [["a", "b|c"]], "delimiter", [["a", "b, c"]]),
    ("links", "pairs", [["a", "NONE"]], "no concept", [["none", "a"]]),
    ("tuples", "lines", relation("a; b", "c"), "delimiter", relation("a, b", "c")),
    ("tuples", "lines", relation("[a]", "[b]"), "border", relation("[a", "b]")),
    ("tuples", "lines", relation("a", "b", "c"), "too many", relation("a", "b")),
    ("tuples", "lines", relation("a"), "no argument", relation("a", "b")),
    ("tuples", "triples", relation("a", "b；c"), "delimiter", relation("(a)", "b)")),
    (
        "tuples",
        "triples",
        relation("a", "b", type_="t;u"),
        "delimiter",
        relation("a", "b", type_="t:u"),
    ),
    ("events", "lines", event("a;b"), "delimiter", event("a=b")),
    ("events", "lines", event(None, ["r=s", "a"]), "delimiter", event(None, ["r:s", "a=b"])),
    ("events", "lines", event(None, ["Trigger", "a"]), "trigger", event(None, ["Triggers", "a"])),
    ("events", "brackets", event("a", ["r:s", "b"]), "delimiter", event("(a", ["r", "b: c)"])),
    ("events", "brackets", event("a", type_="t：u"), "delimiter", event("a", type_="t(u")),
    ("clusters", "lines", [["a", "b; c"]], "delimiter", [["a", "b, c"]]),
    ("clusters", "lines", [[]], "empty", [["a"]]),
    ("clusters", "sentence", [["a]", "[b"]], "border", [["[a]", "b"]]),
    ("labels", "list", ["a; b"], "delimiter", ["a, b"]),
    ("label", "bare", "a\nb", "line break", "a b"),
    ("label", "letter", "a", "no options", None),
]


@pytest.mark.parametrize(("kind", "style", "refused", "reason", "taken"), BESIDE)
def test_a_value_that_cannot_be_read_back_is_refused(
    kind: str, style: str, refused: Any, reason: str, taken: Any
) -> None:
    given = words("en", kind, style)
    with pytest.raises(answers.Confusable, match=reason):
        answers.render(kind, style, refused, given)
    if taken is not None:
        read = answers.parse(kind, style, answers.render(kind, style, taken, given), given)
        assert answers.equal(kind, read, taken)


@pytest.mark.parametrize(
    ("kind", "style", "gold"),
    [
        ("labels", "list", ["none"]),
        ("clusters", "lines", [["None."]]),
    ],
)
def test_an_answer_that_reads_like_nothing_found_is_refused(
    kind: str, style: str, gold: Any
) -> None:
    given = {"item": "; ", "empty": "none"}
    with pytest.raises(answers.Confusable, match="nothing found"):
        answers.render(kind, style, gold, given)
    assert answers.render(kind, style, [], given) == "none"


@pytest.mark.parametrize("kind", ["mentions", "tuples"])
def test_a_sentence_that_names_the_type_needs_one_type(kind: str) -> None:
    with pytest.raises(answers.Confusable, match="exactly one"):
        answers.render(kind, "sentence", [], words("en", kind, "sentence"), ["a", "b"])


def test_more_options_than_letters_are_refused() -> None:
    options = [f"option {i}" for i in range(27)]
    assert answers.render("label", "letter", "option 25", {}, options) == "Z"
    with pytest.raises(answers.Confusable, match="letters"):
        answers.render("label", "letter", "option 26", {}, options)


@pytest.mark.parametrize(
    ("kind", "gold"),
    [
        ("mentions", [["Gene", "p53"]]),
        ("tuples", relation("a", "b", type_="Gene")),
        ("events", event("a", type_="Gene")),
        ("labels", ["Gene"]),
        ("label", "Gene"),
    ],
)
def test_gold_outside_the_options_is_a_fault_of_the_caller(kind: str, gold: Any) -> None:
    for style in answers.STYLES[kind]:
        with pytest.raises(ValueError, match="'Gene' is not among the options"):
            answers.render(kind, style, gold, words("en", kind, style), ["Disease"])


def test_a_repeat_is_written_once() -> None:
    gold = [["Drug", "a"], ["Drug", "a"]]
    for style in ("lines", "pairs", "json"):
        given = words("en", "mentions", style)
        once = answers.render("mentions", style, gold[:1], given, ["Drug"])
        assert answers.render("mentions", style, gold, given, ["Drug"]) == once


def test_an_unknown_style_is_named_with_its_neighbour() -> None:
    with pytest.raises(ValueError, match="Did you mean 'lines'"):
        answers.render("mentions", "line", [], {})


# --- equality ---------------------------------------------------------------------------------


def test_order_and_repeats_and_blanks_do_not_count() -> None:
    assert answers.equal(
        "mentions", [["t", "a"], ["t", "b"]], [["t", "b "], ["t", "a"], ["t", "a"]]
    )
    assert answers.equal("clusters", [["a", "b"], ["c"]], [["c"], ["b", "a"]])
    one, other = relation("a", "b"), [{"type": "t", "args": [["tail", "b"], ["head", "a"]]}]
    assert answers.equal("tuples", one, other)
    assert answers.equal("text", "a\n", "a")


def test_case_content_and_roles_count() -> None:
    assert not answers.equal("mentions", [["t", "a"]], [["t", "A"]])
    assert not answers.equal("tuples", relation("a", "b"), relation("b", "a"))
    assert not answers.equal("links", [["a", None]], [["a", "none"]])
    assert not answers.equal("events", event(None), event("a"))
    twice = [{"type": "t", "args": [["r", "a"], ["r", "a"]]}]
    assert not answers.equal("tuples", twice, [{"type": "t", "args": [["r", "a"]]}])


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "style", "change", "fault"),
    [
        ("mentions", "lines", {"item": None}, "'item' is missing"),
        ("mentions", "lines", {"itme": ";"}, "no word 'itme'"),
        ("mentions", "lines", {"item": "and"}, "not one mark"),
        ("mentions", "lines", {"item": "和"}, "not one mark"),
        ("mentions", "lines", {"item": " "}, "not one mark"),
        ("mentions", "lines", {"item": ";\n"}, "not one mark"),
        ("mentions", "lines", {"item": "："}, "the same mark"),
        ("mentions", "lines", {"empty": " "}, "not one line"),
        ("mentions", "lines", {"empty": "no {type}"}, "cannot name the type"),
        ("mentions", "pairs", {"open": "]"}, "the same mark"),
        ("events", "lines", {"trigger": "a=b"}, "holds a delimiter"),
        ("links", "lines", {"none": "→"}, "holds a delimiter"),
    ],
)
def test_a_faulty_word_is_told(kind: str, style: str, change: dict[str, Any], fault: str) -> None:
    changed = {k: v for k, v in (words("en", kind, style) | change).items() if v is not None}
    [found] = answers.faults_of_words(kind, style, changed)
    assert fault in found


def test_inner_and_outer_may_be_the_same_and_the_lead_names_the_type() -> None:
    given = words("en", "tuples", "sentence")
    assert given["inner"] == given["outer"]
    assert "{type}" in given["lead"]
    assert answers.faults_of_words("tuples", "sentence", given) == []


def test_a_type_with_braces_is_named_as_it_is() -> None:
    given = words("en", "mentions", "sentence")
    text = answers.render("mentions", "sentence", [["{x} {type}", "a"]], given, ["{x} {type}"])
    assert text == "The {x} {type} entities in the text are: a."
