"""Quotes and keys of JSON text, found without decoding it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyi_corpus.readers.json_marks import key_order, quotes


def raw(text: str) -> Any:
    return np.frombuffer(text.encode(), np.uint8)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (' "a" ', [1, 3]),
        (r' "\"" ', [1, 4]),
        (r' "\\" ', [1, 4]),
        (r' "\\\"" ', [1, 6]),
        (r' "a\\\\" "b"', [1, 7, 9, 11]),
    ],
)
def test_a_quote_is_escaped_by_an_odd_number_of_backslashes(text: str, places: list[int]) -> None:
    assert quotes(raw(text)).tolist() == places


def test_keys_are_told_from_values_that_look_like_them() -> None:
    lines = ['{"a": "b\\": ", "b" : {"c":"a"}}\n', '{"b": "\\"a\\":", "a": null}\n']
    ends = np.cumsum([len(line) for line in lines])
    found = key_order(raw("".join(lines)), ends, ["a", "b"])
    assert found is not None
    assert [some.tolist() for some in found] == [[0, 0, 1, 1], [0, 1, 1, 0]]


def test_a_key_with_escapes_may_be_any() -> None:
    assert key_order(raw('{"\\u0061": 1}'), np.array([13]), ["b"]) is None


TEXTS = st.text(st.sampled_from('ab:"\\ \n药'), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(TEXTS, st.one_of(TEXTS, st.none(), st.dictionaries(TEXTS, TEXTS)))))
def test_any_keys(rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows] or ["\n"]
    ends = np.cumsum([len(line.encode()) for line in lines])
    found = key_order(raw("".join(lines)), ends, ["a", "b:"])
    if found is not None:
        wanted = [
            (n, ["a", "b:"].index(key))
            for n, row in enumerate(rows)
            for name, value in row.items()
            for key in [name, *(value if isinstance(value, dict) else [])]
            if key in ("a", "b:")
        ]
        assert list(zip(*(some.tolist() for some in found), strict=True)) == wanted
