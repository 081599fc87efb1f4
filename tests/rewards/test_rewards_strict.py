"""What the strict rewards give, loophole by loophole and kind by kind."""

from __future__ import annotations

import pytest

from taiyi_corpus.rewards import PARTS, reward_funcs, reward_weights, rewards, total
from taiyi_corpus.rewards.question import Question, written
from tests.rewards.asked import (
    CHOICE,
    DIRECTED,
    EVENTS,
    LABELS,
    MENTIONS,
    SETS,
    TRACE,
    related,
    said,
)

ABC = [related("good", "A", "B", "C")]


def parts(text: str, gold: object = ABC, question: Question = SETS) -> tuple[float, ...]:
    found = rewards(text, question, gold)
    return tuple(round(found[name], 4) for name in PARTS)


def answer(*items: dict[str, object]) -> str:
    return said(SETS.render(list(items)))


def test_the_right_answer_earns_everything() -> None:
    assert parts(answer(*ABC)) == (1, 1, 1, 1)
    assert total(rewards(answer(*ABC), SETS, ABC)) == pytest.approx(1.0)


def test_order_case_and_blanks_are_no_matter() -> None:
    assert parts(answer(related("good", "c", " b ", "A"))) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "found, expected",
    [
        (related("good", "A", "B"), (1, 1, 0.6667, 0.22)),
        (related("good", "A", "B", "C", "D"), (1, 1, 0.75, 0.2475)),
        (related("bad", "A", "B", "C"), (1, 1, 1, 0)),
        (related("good", "A", "X"), (1, 1, 0, 0)),
    ],
)
def test_a_part_of_a_set_counts_as_published(
    found: dict[str, object], expected: tuple[float, ...]
) -> None:
    assert parts(answer(found)) == expected


def test_doses_in_running_text_are_no_reasoning() -> None:
    text = said(SETS.render(ABC), "1. 5 mg 2. 10 mg 3. 15 mg 4. 20 mg, see [1] [2] [3] [4]")
    assert parts(text) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    "think",
    [
        TRACE.replace("[2]", "[3]"),
        TRACE.replace("- b\n", ""),
        TRACE + "\n[1] Again\n- e",
        TRACE.replace("[4] Summary\n- d", ""),
    ],
    ids=["wrong number", "no bullet", "a head twice", "a head missing"],
)
def test_reasoning_needs_four_heads_in_order_with_bullets(think: str) -> None:
    assert parts(said(SETS.render(ABC), think)) == (1, 0, 1, 1)


def test_a_contradictory_none_costs() -> None:
    assert parts(answer(related("none"), *ABC)) == (0.5, 1, -1, 0)


def test_none_with_drugs_costs() -> None:
    assert parts(answer(related("none", "A", "B")), [related("none")]) == (0.5, 1, -1, 0)


@pytest.mark.parametrize("drugs", [(), ("A",), ("A", "A")])
def test_a_relation_of_fewer_than_two_costs(drugs: tuple[str, ...]) -> None:
    assert parts(answer(related("good", *drugs))) == (0.5, 1, -1, 0)


@pytest.mark.parametrize("gold", [[], [related("none")]])
@pytest.mark.parametrize("found", [(), (related("none"),)])
def test_nothing_found_is_one_answer(gold: list[object], found: tuple[dict[str, object]]) -> None:
    assert parts(answer(*found), gold) == (1, 1, 1, 1)


def test_nothing_said_where_there_is_something_is_worse_than_a_wrong_guess() -> None:
    assert parts(said("[]")) == (1, 1, -1, 0)
    assert parts(answer(*ABC), []) == (1, 1, 0, 0)


def test_one_set_under_two_types_is_right_where_gold_has_both() -> None:
    both = [related("good", "A", "B"), related("bad", "A", "B")]
    assert parts(answer(*both), both) == (1, 1, 1, 1)


def test_repeats_cost_coverage() -> None:
    assert parts(answer(*ABC, related("good", "C", "B", "A"))) == (1, 1, 0, 1)


def test_spellings_that_differ_in_case_are_no_repeats_where_gold_has_them() -> None:
    gold = [["drug", "Aspirin"], ["drug", "aspirin"]]
    assert parts(said(MENTIONS.render(gold)), gold, MENTIONS) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        SETS.render(ABC),
        f"<answer>{SETS.render(ABC)}</answer>",
        said(SETS.render([related("bad", "A", "B", "C")])) + said(SETS.render(ABC)),
        f"So: {said(SETS.render(ABC))}",
        f"<answer>{SETS.render(ABC)}</answer><think>{TRACE}</think>",
    ],
    ids=["no tags", "no trace", "two answers", "text outside", "wrong order"],
)
def test_wrong_tags_earn_nothing(text: str) -> None:
    assert (parts(text)[0], *parts(text)[2:]) == (0, 0, 0)


@pytest.mark.parametrize(
    "wrong", ["POS: A, B", '[{"type": "great", "args": {"drug": ["A", "B"]}}]', ""]
)
def test_what_is_no_answer_earns_half_the_format(wrong: str) -> None:
    assert parts(said(wrong)) == (0.5, 1, 0, 0)


CASES = [
    (DIRECTED, [{"type": "causes", "args": [["drug", "A"], ["disease", "B"]]}],
     [{"type": "causes", "args": [["drug", "B"], ["disease", "A"]]}], (1, 1, 0, 0)),
    (MENTIONS, [["drug", "A"], ["gene", "B"]], [["drug", "A"], ["drug", "B"]], (1, 1, 1, 0.5)),
    (MENTIONS, [["drug", "A"]], [], (1, 1, -1, 0)),
    (LABELS, ["cause", "cure"], ["cause"], (1, 1, 0.5, 0.6667)),
    (CHOICE, "red", "blue", (1, 1, 0, 0)),
    (EVENTS, [{"type": "growth", "trigger": "grew", "args": [["theme", "A"]]}],
     [{"type": "growth", "trigger": "grew", "args": []}], (1, 1, 0.5, 0.165)),
]  # fmt: skip


@pytest.mark.parametrize("question, gold, found, expected", CASES)
def test_every_kind_has_its_rewards(
    question: Question, gold: object, found: object, expected: tuple[float, ...]
) -> None:
    assert parts(said(question.render(gold)), gold, question) == (1, 1, 1, 1)
    assert parts(said(question.render(found)), gold, question) == expected


def test_a_pair_of_one_thing_with_itself_stays_a_pair() -> None:
    binds = Question(
        kind="tuples",
        style="json",
        options=["binds"],
        roles={"binds": ["a", "b"]},
        symmetric=["binds"],
    )
    gold = [{"type": "binds", "args": [["a", "p53"], ["b", "p53"]]}]
    assert parts(said(binds.render(gold)), gold, binds) == (1, 1, 1, 1)


def test_trainers_get_a_number_for_each_completion() -> None:
    columns = {"solution": [answer(*ABC)] * 3, "question": [written(SETS)] * 3, "seed": [1, 2, 3]}
    completions = [answer(*ABC), [{"role": "assistant", "content": answer(*ABC)}], None]
    found = [reward(["p"] * 3, completions, **columns) for reward in reward_funcs("strict")]
    assert found == [[1.0, 1.0, 0.0]] * 4
    assert reward_weights() == [0.05, 0.05, 0.1, 0.8]
    assert reward_weights(trace=False) == [0.1, 0.0, 0.3, 0.6]


def test_without_a_trace_the_whole_text_is_the_answer() -> None:
    found = rewards(CHOICE.render("red"), CHOICE, "red", trace=False)
    assert found == {"format": 1.0, "reasoning": 0.0, "coverage": 1.0, "accuracy": 1.0}


def test_the_plugin_registers_a_class_for_each_reward() -> None:
    from taiyi_corpus.rewards.swift_plugin import register

    table: dict[str, type] = {}
    register(table)
    assert len(table) == 8
    reward = table["taiyi_accuracy"]()
    assert reward([answer(*ABC)], solution=[answer(*ABC)], question=[written(SETS)]) == [1.0]


@pytest.mark.parametrize("home", ["swift.rewards", "swift.plugin"])
def test_the_plugin_finds_the_trainer_of_either_version(
    home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib
    import sys
    from types import ModuleType

    from taiyi_corpus.rewards import swift_plugin

    class Base:
        """What the trainer asks a reward to be."""

    trainer = ModuleType(home)
    trainer.orms, trainer.ORM = {}, Base  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "swift", ModuleType("swift"))
    monkeypatch.setitem(sys.modules, home, trainer)
    importlib.reload(swift_plugin)
    assert {f"taiyi_{part}" for part in PARTS} <= set(trainer.orms)
    assert issubclass(trainer.orms["taiyi_rexdrug_accuracy"], Base)
