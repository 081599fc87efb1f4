"""No text makes a reward raise, and no text takes long."""

from __future__ import annotations

import random
import statistics
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from taiyi_corpus.rewards import reward_funcs, rewards, rexdrug, total
from taiyi_corpus.rewards.literal import read_list
from taiyi_corpus.rewards.question import Question, written
from tests.rewards.asked import CHOICE, DIRECTED, EVENTS, LABELS, MENTIONS, SETS, related, said

GOLD = [related("good", "A", "B", "C")]
QUESTIONS = [
    (SETS, GOLD),
    (DIRECTED, [{"type": "causes", "args": [["drug", "A"], ["disease", "B"]]}]),
    (MENTIONS, [["drug", "A"]]),
    (LABELS, ["cure"]),
    (CHOICE, "red"),
    (EVENTS, [{"type": "growth", "trigger": "grew", "args": [["theme", "A"]]}]),
]
ALPHABET = [
    *("<think>", "</think>", "<answer>", "</answer>", "[", "]", "{", "}", "[1]", "[2]\n- x\n"),
    *(
        '"type"',
        ":",
        ",",
        '"args"',
        '"ent_set"',
        '["A","B"]',
        "'A'",
        "\\",
        "None",
        "good",
        "POS",
    ),
    *("NO_COMB", "\n", "\u2028", "\0", "1e999", "-", "```json", "{}", '"drug"', "\ud800"),
]
PIECES = st.sampled_from(ALPHABET)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


def scores(text: str, question: Question, gold: object) -> list[float]:
    columns = {"solution": [said(question.render(gold))], "question": [written(question)]}
    functions = [*reward_funcs("strict"), *reward_funcs("rexdrug")]
    return [function(None, [text], **columns)[0] for function in functions]


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
@given(text=TEXTS, tags=st.booleans())
@example(text='[{"type": 1, "ent_set": [[], {}]}]', tags=True)
@example(text='{"drug": [null]}', tags=True)
@settings(max_examples=300)
def test_no_text_makes_a_reward_raise(number: int, text: str, tags: bool) -> None:
    found = scores(said(text) if tags else text, *QUESTIONS[number])
    assert all(-1.0 <= value <= 1.0 for value in found)


MEGABYTE = 1 << 20
HOSTILE = {
    "deep lists": said("[" * MEGABYTE),
    "deep lists within bounds": said("[" * 30_000 + "]" * 30_000),
    "deep objects": said('[{"type":' * 6_000 + "]"),
    "many signs": said("[" + "-" * 60_000 + "1]"),
    "open tags": "<think>" * 150_000,
    "open answers": "<think></think>" + "<answer>" * 130_000,
    "open quotes": said("[" + "'\\" * 30_000 + "]"),
    "many relations": said("[" + ",".join(['{"type":"POS","ent_set":["A","B","X"]}'] * 1_600) + "]"),
    "many of ours": said("[" + ",".join(['{"type":"good","args":{"drug":["A","B","X"]}}'] * 1_300) + "]"),
    "long string": said('[{"type": "good", "args": {"drug": ["' + "A" * MEGABYTE + '", "B"]}}]'),
    "long number": said("[" + "9" * 60_000 + "]"),
    "blanks": " " * MEGABYTE,
    "heads": said("[]", "[1] a\n- b\n" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name: str) -> None:
    start = time.perf_counter()
    found = scores(HOSTILE[name], SETS, GOLD)
    assert time.perf_counter() - start < 3.0  # eight rewards; a loaded machine has time to spare
    assert all(-1.0 <= value <= 1.0 for value in found)


def test_an_ordinary_text_takes_milliseconds() -> None:
    text = said(SETS.render(GOLD), "[1] a\n- b\n" * 20)
    columns = {"solution": [text], "question": [written(SETS)]}
    times = []
    for _ in range(50):
        for function in reward_funcs("strict"):
            start = time.perf_counter()
            function(None, [text], **columns)
            times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.005


@pytest.mark.parametrize(
    "text, value",
    [
        ("say [1, 2.5, -3] now", [1, 2.5, -3]),
        ("[('a', \"b\"), None, True]", [["a", "b"], None, True]),
        (r"['it\'s', 'a\\']", ["it's", "a\\"]),
        ("[{'a': 'b', 1: [2,]},]", [{"a": "b", "1": [2]}]),
        ("['a' 'b']", []),
        ("[a]", []),
        ("['a", []),
        ("[__import__('os')]", []),
        ("no list", []),
        ("][", []),
    ],
)
def test_lists_are_read_as_json_or_python(text: str, value: list[object]) -> None:
    assert read_list(text) == value


def test_a_hundred_thousand_strings_are_scored() -> None:
    draw = random.Random(1)
    solution, times = said(SETS.render(GOLD)), []
    for number in range(100_000):
        pieces = draw.choices(ALPHABET, k=draw.randrange(25))
        text = "".join(pieces) if number % 2 else said("".join(pieces))
        question, gold = QUESTIONS[number % len(QUESTIONS)]
        start = time.perf_counter()
        found = total(rewards(text, question, gold))
        published = rexdrug.total(text, solution)
        times.append(time.perf_counter() - start)
        assert -0.1 <= found <= 1.0 + 1e-9
        assert -0.1 <= published <= 1.0 + 1e-9
    assert statistics.median(times) < 0.005
