"""Whatever a style agrees to write is read back as it was, with hostile values and with any lawful words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from taiyi_corpus.instruct import answers

from .answer_words import LANGUAGES, words

STYLES = [(kind, style) for kind, styles in answers.STYLES.items() for style in styles]
TEXT_STYLES = [(kind, style) for kind, style in STYLES if style != "json"]
ROLES = ["Theme", "Cause", "a:b", "Site=", "x; y", "trigger", "触发词"]

# Delimiters in both widths, brackets, breaks, blanks, markup: what a value must not be mistaken for.
FRAGMENTS = [
    *";；:：,，|｜→=＝[]【】［］()（）{}.。\"'`",
    *("; ", ", ", ": ", "], [", "]; [", "] ；［", ")\n(", " | ", " → ", "\n", "\r", "\r\n"),
    *(" ", "\t", "\u3000", "\u2028", "\x1c", "\x00", "\ud800", "{{", "}}", "{type}", "{%"),
    *("<answer>", "</answer>", "```", "```json", "a", "b", "İ", "ß", "疾病", "aspirin", "none"),
    *("None", "无", "trigger", "A", "B. "),
]
VALUES = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=5).map("".join),
    st.text(max_size=6),
    st.sampled_from(["gout", "asthma", "p53", "[3H]dopamine", "痛风"]),
)
NAMES = st.one_of(st.sampled_from(["Disease", "Drug", "疾病"]), VALUES)
MARKS = st.builds(
    lambda left, mark, right: left + mark + right,
    st.sampled_from(["", " "]),
    st.sampled_from([*";；:：,，|｜→=[]［］()（）、<>+.。"]),
    st.sampled_from(["", " "]),
)
LEADS = st.one_of(st.sampled_from(["", "Found: ", "{type}:\n", "有："]), VALUES)


def args_of(roles: list[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.tuples(*(VALUES.map(lambda value, role=role: [role, value]) for role in roles)).map(
        list
    )


@st.composite
def relations(draw: st.DrawFn, options: list[str]) -> tuple[Any, dict[str, list[str]]]:
    some_roles = st.lists(st.sampled_from(ROLES), min_size=1, max_size=3)
    roles = {option: draw(some_roles | st.just(["Agent", "Agent"])) for option in options}
    one = st.sampled_from(options).flatmap(
        lambda type_: st.builds(dict, type=st.just(type_), args=args_of(roles[type_]))
    )
    return draw(st.lists(one, max_size=3)), roles


@st.composite
def asked(
    draw: st.DrawFn, kind: str, style: str
) -> tuple[Any, list[str], dict[str, list[str]] | None]:
    """A gold with the options and roles it was asked with."""
    most = 1 if (kind, style) in answers.ONE_TYPE else 4
    options = draw(st.lists(NAMES, min_size=1, max_size=most, unique=True))
    option = st.sampled_from(options)
    if kind == "tuples":
        gold, roles = draw(relations(options))
        return gold, options, roles
    arg = st.tuples(st.sampled_from(ROLES), VALUES).map(list)
    event = st.fixed_dictionaries(
        {"type": option, "trigger": st.none() | VALUES, "args": st.lists(arg, max_size=3)}
    )
    golds: dict[str, st.SearchStrategy[Any]] = {
        "mentions": st.lists(st.tuples(option, VALUES).map(list), max_size=4),
        "links": st.lists(st.tuples(VALUES, st.none() | option).map(list), max_size=4),
        "events": st.lists(event, max_size=3),
        "clusters": st.lists(st.lists(VALUES, max_size=3), max_size=3),
        "labels": st.lists(option, max_size=3),
        "label": option,
        "text": VALUES,
    }
    roles = draw(st.none() | st.just(dict.fromkeys(options, ROLES)))
    return draw(golds[kind]), options, roles


@st.composite
def lawful_words(draw: st.DrawFn, kind: str, style: str) -> dict[str, str]:
    short = st.sampled_from(["a", "none", "None.", "无"])
    some: dict[str, st.SearchStrategy[str]] = {"lead": LEADS, "end": LEADS, "empty": LEADS | short}
    some |= {"none": VALUES | short, "trigger": VALUES}
    drawn = {name: draw(some.get(name, MARKS)) for name in answers.words_of(kind, style)}
    usual = words(draw(st.sampled_from(LANGUAGES)), kind, style)
    return usual if answers.faults_of_words(kind, style, drawn) else drawn


def assert_round_trip(
    kind: str, style: str, gold: Any, given_words: Any, options: Any, roles: Any
) -> None:
    try:
        text = answers.render(kind, style, gold, given_words, options, roles=roles)
    except answers.Confusable:
        assert style != "json"
        assert kind != "text"
        return
    read = answers.parse(kind, style, text, given_words, options, roles=roles)
    assert answers.equal(kind, read, gold), (text, read)


@pytest.mark.parametrize(("kind", "style"), STYLES)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_back(kind: str, style: str, data: st.DataObject) -> None:
    gold, options, roles = data.draw(asked(kind, style))
    given_words = data.draw(lawful_words(kind, style))
    assert_round_trip(kind, style, gold, given_words, options, roles)


@pytest.mark.parametrize(
    "kind", ["mentions", "links", "clusters", "labels", "label", "events", "tuples"]
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_json_writes_anything_without_options_too(kind: str, data: st.DataObject) -> None:
    gold, _, _ = data.draw(asked(kind, "json"))
    assert_round_trip(kind, "json", gold, {}, None, None)


# Brackets are where borders can come about between values: small alphabet, many examples.
TIGHT = st.text(alphabet="[],; x", min_size=1, max_size=5)


@pytest.mark.parametrize(("inner", "outer"), [(", ", ", "), (",", ";"), ("; ", " , ")])
@settings(max_examples=200)
@given(pairs=st.lists(st.tuples(TIGHT, TIGHT), min_size=1, max_size=3))
@example(pairs=[("x]", "[x"), ("x", "x")])
@example(pairs=[("[x", "x"), ("x]", "x")])
@example(pairs=[(", [x", "x"), ("x", "],")])
def test_borders_between_brackets_are_never_made_up(
    inner: str, outer: str, pairs: list[tuple[str, str]]
) -> None:
    given_words = {"open": "[", "close": "]", "inner": inner, "outer": outer, "empty": "nothing"}
    given_words |= {"none": "none"}
    gold = [list(pair) for pair in pairs]
    assert_round_trip("mentions", "pairs", [[t, m] for m, t in pairs], given_words, None, None)
    assert_round_trip("links", "pairs", gold, given_words, None, None)
    tuples = [{"type": "t", "args": [["head", a], ["tail", b]]} for a, b in pairs]
    given_words = {"label": ":", "open": "[", "close": "]", "inner": inner, "outer": outer}
    assert_round_trip("tuples", "lines", tuples, given_words | {"empty": "no"}, None, None)


# Ordinary values of the field, all of which every text style must take: the tests above are not idle.
ORDINARY = [
    "gout",
    "TNF-α",
    "IL-2 (human)",
    "3'-UTR",
    "5 mg/kg",
    "左膝关节",
    "β受体阻滞剂",
    "A & B",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "style"), TEXT_STYLES)
def test_ordinary_values_are_not_refused(kind: str, style: str, language: str) -> None:
    event = {"type": "T", "trigger": "x y", "args": [["Theme", value] for value in ORDINARY]}
    tuples = [
        {"type": "T", "args": [["head", value], ["tail", other]]}
        for value in ORDINARY
        for other in ORDINARY
    ]
    golds: dict[str, Any] = {
        "mentions": [["T", value] for value in ORDINARY],
        "links": [[value, value] for value in ORDINARY] + [["gout", None]],
        "tuples": tuples,
        "events": [event],
        "clusters": [ORDINARY, ORDINARY[::-1]],
        "labels": ORDINARY,
        "label": ORDINARY[2],
        "text": ORDINARY[2],
    }
    options = ORDINARY if kind in {"links", "labels", "label"} else ["T"]
    given_words = words(language, kind, style)
    text = answers.render(kind, style, golds[kind], given_words, options)
    assert answers.equal(kind, answers.parse(kind, style, text, given_words, options), golds[kind])
