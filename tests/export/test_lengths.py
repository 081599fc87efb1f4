"""Lengths of rows: counted together as they are one by one, against the limits of trainers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.export.lengths import LIMITS, Lengths, count, together


@given(st.lists(st.integers(min_value=1, max_value=9_000), max_size=50))
def test_many_are_counted_as_one_by_one(tokens: list[int]) -> None:
    one_by_one, at_once = Lengths("ner", "en"), Lengths("ner", "en")
    for number in tokens:
        one_by_one.add(number)
    at_once.add_many(np.array(tokens, np.int64))

    assert together([{("ner", "en"): one_by_one}]) == together([{("ner", "en"): at_once}])


def test_what_is_as_long_as_a_limit_is_not_over_it() -> None:
    lengths = Lengths("ner", "en")
    for limit in LIMITS:
        lengths.add(limit)
        lengths.add(limit + 1)

    assert lengths.over == [5, 3, 1]
    assert (lengths.rows, lengths.longest) == (6, 4_097)


def test_rows_are_told_apart_by_task_and_language() -> None:
    lengths: dict[tuple[str, str], Lengths] = {}
    count(["ner", "tc", "ner"], ["en", "en", "en"], np.array([10, 20, 30]), lengths)
    count(["ner"], ["zh"], np.array([5]), lengths)

    assert [(one.task, one.language, one.rows, one.tokens) for one in together([lengths])] == [
        ("ner", "en", 2, 40),
        ("ner", "zh", 1, 5),
        ("tc", "en", 1, 20),
    ]
