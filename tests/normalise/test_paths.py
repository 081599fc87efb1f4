"""Paths walk into a row; values make text of what they find; the rest is what no path names."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.normalise.paths import getter, text_getter, text_of, unnamed
from taiyi_corpus.spec.mapping import Const, Join, Names

ROW: dict[str, Any] = {
    "title": "A title",
    "doc": {"id": 7, "pages": [{"n": 1, "text": "one"}, {"n": 2}]},
    "a.b": "a key with a dot",
    "a": {"b": "nested"},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("title", "A title"),
        (".", ROW),
        ("doc.id", 7),
        ("doc.pages.0.text", "one"),
        ("doc.pages.text", ["one"]),
        ("doc.pages.n", [1, 2]),
        ("doc.pages.9", None),
        ("doc.none.deep", None),
        ("title.deep", None),
        ("a.b", "a key with a dot"),
    ],
)
def test_a_path_walks_into_objects_and_lists(path: str, found: Any) -> None:
    assert getter(path)(ROW) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", " a "),
        ("", None),
        (" \n", None),
        (None, None),
        (0, "0"),
        (3.0, "3"),
        (0.5, "0.5"),
        (float("nan"), None),
        (float("inf"), "inf"),
        (True, "true"),
        (False, "false"),
        (["a", None, "b"], "a b"),
        ([], None),
    ],
)
def test_a_scalar_becomes_text_and_blank_is_nothing(value: Any, text: str | None) -> None:
    assert text_of(value) == text


def test_a_constant_is_the_same_for_every_row() -> None:
    assert text_getter(Const(const="x"))({}) == "x"


def test_a_join_leaves_out_absent_repeated_and_filler_parts() -> None:
    join = text_getter(Join(join=["a", "b", "c", "d"], sep=" | ", skip=["N/A"]))

    assert join({"a": "1", "b": "N/A", "c": "1", "d": "2"}) == "1 | 2"
    assert join({"a": "N/A"}) is None


def test_a_name_table_is_looked_up_without_blanks_and_passes_what_it_does_not_know() -> None:
    names = text_getter(Names(path="y", names={"1": "yes"}))

    assert [names({"y": y}) for y in (" 1 ", 1, "2", None)] == ["yes", "yes", "2", None]


@pytest.mark.parametrize(
    ("paths", "rest"),
    [
        (["title"], {"doc": ROW["doc"], "a.b": "a key with a dot", "a": {"b": "nested"}}),
        (["title", "doc", "a.b"], {}),  # the key with a dot, and b of a
        (["title", "doc.id", "a.b"], {"doc": {"pages": ROW["doc"]["pages"]}}),
        (["title", "doc.id", "a.b", "doc.pages.n"], {"doc": {"pages": [{"text": "one"}, {}]}}),
        (["title", "doc.id", "a.b", "doc.pages.0"], {"doc": {"pages": [{"n": 2}]}}),
        (["title", "doc.id", "a.b", "doc.pages.n", "doc.pages.text"], {}),
    ],
)
def test_the_rest_is_what_no_path_names(paths: list[str], rest: dict[str, Any]) -> None:
    assert unnamed(paths)(ROW) == rest


def test_naming_the_row_itself_names_none_of_its_keys() -> None:
    assert unnamed(["."])({"a": 1, "b": None}) == {"a": 1}
