"""The reward table of RexDrug's facts, row by row."""

from __future__ import annotations

import pytest

from taiyi_corpus.rewards import rexdrug

TRACE = "[1] Case\n- a\n[2] Drugs\n- b\n[3] Reasoning\n- c\n[4] Summary\n- d"


def said(answer: str) -> str:
    return f"<think>\n{TRACE}\n</think>\n\n<answer>\n{answer}\n</answer>"


ABC = '[{"type": "POS", "ent_set": ["A", "B", "C"]}]'
NONE = '[{"type": "NO_COMB", "ent_set": []}]'
TWO = '[{"type": "POS", "ent_set": ["A", "B"]}, {"type": "COMB", "ent_set": ["C", "D"]}]'
ROWS = [
    ("exact", ABC, said(ABC), (1, 1, 1, 1), 1.0),
    ("other case and blanks", ABC, said(ABC.replace('"A"', '" a "')), (1, 1, 1, 1), 1.0),
    ("reordered, a drug repeated", ABC, said('[{"type": "POS", "ent_set": ["C", "A", "B", "A"]}]'), (1, 1, 1, 1), 1.0),
    ("single quotes", ABC, said(ABC.replace('"', "'")), (1, 1, 1, 1), 1.0),
    ("in a code fence", ABC, said(f"```json\n{ABC}\n```"), (1, 1, 1, 1), 1.0),
    ("one drug too few", ABC, said('[{"type": "POS", "ent_set": ["A", "B"]}]'), (1, 1, 0.6667, 0.22), 0.3427),
    ("one drug too many", ABC, said('[{"type": "POS", "ent_set": ["A", "B", "C", "D"]}]'), (1, 1, 0.75, 0.2475), 0.373),
    ("wrong type", ABC, said(ABC.replace("POS", "NEG")), (1, 1, 1, 0), 0.2),
    ("one drug shared", ABC, said('[{"type": "POS", "ent_set": ["A", "X"]}]'), (1, 1, 0, 0), 0.1),
    ("no combination", ABC, said(NONE), (1, 1, -1, 0), 0.0),
    ("gold is no combination", NONE, said(ABC), (1, 1, 0, 0), 0.1),
    ("both no combination", NONE, said(NONE), (1, 1, 1, 1), 1.0),
    ("empty list", ABC, said("[]"), (0.5, 1, 0, 0), 0.075),
    ("empty list, gold is no combination", NONE, said("[]"), (0.5, 1, 0, 0), 0.075),
    ("no drug", ABC, said('[{"type": "POS", "ent_set": []}]'), (0.5, 1, 0, 0), 0.075),
    ("one drug", ABC, said('[{"type": "POS", "ent_set": ["A"]}]'), (0.5, 1, 0, 0), 0.075),
    ("unknown type", ABC, said(ABC.replace("POS", "GOOD")), (0.5, 1, 0, 0), 0.075),
    ("not JSON", ABC, said("POS: A, B, C"), (0.5, 1, 0, 0), 0.075),
    ("no combination, with drugs", NONE, said('[{"type": "NO_COMB", "ent_set": ["A", "B"]}]'), (1, 1, -1, 0), 0.0),
    ("twice", ABC, said(f"[{ABC[1:-1]}, {ABC[1:-1]}]"), (1, 1, 0, 1), 0.9),
    ("under two types", ABC, said(f"[{ABC[1:-1]}, {ABC[1:-1].replace('POS', 'NEG')}]"), (1, 1, 0, 0.6667), 0.6333),
    ("one of two", TWO, said('[{"type": "POS", "ent_set": ["A", "B"]}]'), (1, 1, 0.5, 0.6667), 0.6833),
    ("a none item beside the right one", ABC, said(f"[{NONE[1:-1]}, {ABC[1:-1]}]"), (1, 1, 1, 1), 1.0),
    ("no trace", ABC, f"<answer>{ABC}</answer>", (0, 0, 1, 1), 0.9),
    ("no tags", ABC, ABC, (0, 0, 0, 0), 0.0),
    ("two answers, the second right", ABC, said(ABC.replace("POS", "NEG")) + said(ABC), (1, 1, 1, 0), 0.2),
]  # fmt: skip


@pytest.mark.parametrize(
    "gold, text, parts, total", [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_row_of_the_reward_table(
    gold: str, text: str, parts: tuple[float, ...], total: float
) -> None:
    solution = said(gold)
    found = (
        rexdrug.format(text),
        rexdrug.reasoning(text),
        rexdrug.coverage(text, solution),
        rexdrug.accuracy(text, solution),
    )
    assert found == pytest.approx(parts, abs=5e-5)
    assert rexdrug.total(text, solution) == pytest.approx(total, abs=5e-5)


def test_doses_in_running_text_earn_the_reward_for_reasoning() -> None:
    assert rexdrug.reasoning("<think>1.5 mg, 2.5 mg, 3.0 mg and 4.5 mg</think>") == 1.0


@pytest.mark.parametrize(
    "marks",
    [
        *("[1] [2] [3] [4]", "1. 2. 3. 4.", "1、2、3、4、", "1) 2) 3) 4)", "(1) (2) (3) (4)"),
        *("第一 第二 第三 第四", "首先 其次 然后 最后"),
    ],
)  # fmt: skip
def test_reasoning_is_four_marks_of_one_way_of_numbering(marks: str) -> None:
    assert rexdrug.reasoning(f"<think>{marks}</think>") == 1.0
    three = marks.replace("4", "").replace("第四", "").replace("最后", "")
    assert rexdrug.reasoning(f"<think>{three}</think>") == 0.0


def test_repeats_are_counted_with_their_case_and_without_their_type() -> None:
    twice = [("POS", '"A", "B"'), ("COMB", '"B", "A"'), ("POS", '"a", "b"')]
    items = [f'{{"type": "{type_}", "ent_set": [{members}]}}' for type_, members in twice]
    gold = said(f"[{items[0]}]")
    assert rexdrug.coverage(said(f"[{items[0]}, {items[1]}]"), gold) == 0.0
    assert rexdrug.coverage(said(f"[{items[0]}, {items[2]}]"), gold) == 1.0
    assert rexdrug.coverage(said(f"[{', '.join(items)}]"), gold) == pytest.approx(1 / 3)


def test_coverage_of_pairs_is_less_what_is_said_twice() -> None:
    gold = said('[{"type": "int", "ent_set": ["A", "B"]}]')
    twice = '{"type": "int", "ent_set": ["C", "D"]}'
    assert rexdrug.coverage(said(f"[{twice}, {twice}]"), gold, rexdrug.DDI13) == -1.0


def test_pairs_match_exactly() -> None:
    gold = said(
        '[{"type": "effect", "ent_set": ["A", "B"]}, {"type": "int", "ent_set": ["C", "D"]}]'
    )
    text = said(
        '[{"type": "Effect", "ent_set": ["b", "a"]}, {"type": "int", "ent_set": ["C", "E"]}]'
    )
    assert rexdrug.format(text, rexdrug.DDI13) == 1.0
    assert rexdrug.coverage(text, gold, rexdrug.DDI13) == 0.5
    assert rexdrug.accuracy(text, gold, rexdrug.DDI13) == 0.5


def test_advice_for_advise_loses_everything_but_half_the_format() -> None:
    gold = said('[{"type": "advise", "ent_set": ["A", "B"]}]')
    text = gold.replace("advise", "advice")
    assert rexdrug.total(text, gold, rexdrug.DDI13) == pytest.approx(0.075)
