"""Rows made column by column are those that are made record by record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.export.rendered import rendered, rendered_told
from taiyi_corpus.instruct.candidates import find
from taiyi_corpus.instruct.render import Instance
from taiyi_corpus.instruct.setting import Setting
from taiyi_corpus.instruct.told import told_of
from taiyi_corpus.language.tokens import estimate_all, estimate_tokens
from taiyi_corpus.schema.arrow import to_table
from taiyi_corpus.schema.record import Answer, Record, Turn
from taiyi_corpus.spec.dataset import TaskId
from taiyi_corpus.spec.recipe import Group, Recipe
from tests.toys import dataset

TEXT = st.text(
    st.sampled_from('aZ 9.,\n\t\x0b\x1f\x85\u00a0\u3000\u2028"\\\x00\x7f糖尿病，é\u0301😀'),
    max_size=40,
)
ANSWERS = st.none() | st.lists(TEXT.map(lambda text: Answer(text=text)), max_size=2)
TURNS = st.none() | st.lists(st.tuples(st.sampled_from(["user", "assistant"]), TEXT), max_size=7)
CONTEXT = st.none() | TEXT


def records(language: str, parts: list[dict[str, Any]]) -> list[Record]:
    said = {"dataset": "toy", "split": "train", "origin": "raw", "license": "MIT"}
    return [
        Record(id=f"toy/train/{n}", language=language, **said, **part)
        for n, part in enumerate(parts)
    ]


def setting(task: TaskId, **keys: Any) -> Setting:
    recipe = Recipe(name="x", about="x", stage=1, groups=[Group(name="all")], **keys)
    return Setting(dataset(tasks=[task]), recipe)


def both(made: list[Record], how: Setting) -> tuple[int, int]:
    """Compare what is told of records with what is found; return how many records there are of each."""
    tasks = how.spec.tasks
    told = told_of(to_table(made), how, tasks)
    ordinary = [] if told is None else told.rows.tolist()
    waiting: list[tuple[Instance, Record]] = []
    found = find(
        [made[row] for row in ordinary], ordinary, how, tasks, lambda *one: waiting.append(one)
    )
    assert not found.drops and not found.refused
    if told is not None:
        assert told.candidates(how.seed, np.arange(len(made))).tolist() == found.array.tolist()
        rows = rendered_told(told, to_table(made), how.recipe)
        assert rows.to_pylist() == rendered(waiting, how.recipe).to_pylist()
    return len(ordinary), len(made)


@given(st.sampled_from(["en", "zh"]), st.lists(st.tuples(TEXT, ANSWERS, CONTEXT), max_size=6))
def test_questions(language: str, drawn: list[tuple[str, list[Answer] | None, str | None]]) -> None:
    parts = [{"question": q, "answers": a, "context": c} for q, a, c in drawn]
    ordinary, _ = both(records(language, parts), setting("qa_sqa"))
    plain = [a for _, a, c in drawn if c is None and a is not None and len(a) == 1]
    assert ordinary == sum(bool(answer.text.strip()) for (answer,) in plain)


@given(
    st.sampled_from(["mrd", "chat"]),
    st.sampled_from(["en", "zh"]),
    st.lists(st.tuples(TURNS, CONTEXT), max_size=6),
)
def test_dialogues(task: TaskId, language: str, drawn: list[tuple[Any, str | None]]) -> None:
    parts = [
        {"turns": None if turns is None else [Turn(*turn) for turn in turns], "context": context}
        for turns, context in drawn
    ]
    both(records(language, parts), setting(task))


def dialogue(turns: int, words: int = 3) -> dict[str, Any]:
    return {"turns": [Turn(("user", "assistant")[n % 2], "word " * words) for n in range(turns)]}


def test_a_dialogue_over_the_budget_is_left_to_the_other_way() -> None:
    made = records("en", [dialogue(4), dialogue(4, 400), dialogue(3), dialogue(2)])
    assert both(made, setting("mrd")) == (2, 4)


@pytest.mark.parametrize(
    "keys",
    [
        {"expand": {"qa_sqa": {"bare": 2.0}}},
        {"estimate": "words"},
        {"few_shot": {"rate": 0.5, "k": 1}},
    ],
)
def test_a_recipe_that_asks_for_more_has_all_records_looked_at(keys: dict[str, Any]) -> None:
    made = records("en", [{"question": "Why?", "answers": [Answer(text="So.")]}])
    assert both(made, setting("qa_sqa", **keys)) == (0, 1)
    assert both(made, setting("qa_sqa")) == (1, 1)


def test_texts_of_two_languages_are_looked_at_one_by_one() -> None:
    part = {"question": "Why?", "answers": [Answer(text="So.")]}
    mixed = records("en", [part]) + records("zh", [part])
    assert both(mixed, setting("qa_sqa")) == (0, 2)
    assert both(mixed, setting("qa_sqa", instruction_language="en")) == (2, 2)


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_tokens_of_many_texts_are_those_of_each(texts: list[str]) -> None:

    assert estimate_all(pa.array(texts)).tolist() == [estimate_tokens(text) for text in texts]


def test_arrow_and_python_know_the_same_blanks() -> None:

    codes = (*range(0xD800), *range(0xE000, 0x110000))
    chars = [f"{chr(code)}x{chr(code)}" for code in codes]
    assert pc.utf8_trim_whitespace(pa.array(chars)).to_pylist() == [char.strip() for char in chars]
