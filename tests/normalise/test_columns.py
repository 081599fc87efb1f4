"""Columns of texts: what is white space, and what stands at a path."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.normalise.blanks import stripped, without_blanks
from taiyi_corpus.normalise.columns import Columns
from taiyi_corpus.normalise.paths import getter, text_of
from taiyi_corpus.readers.batch import Batch

SPACES = [chr(code) for code in range(0x3001) if chr(code).isspace()]
SIGNS = st.sampled_from([*SPACES, "a", "药", "。", "\xa7", "\0"])
TEXTS = st.none() | st.lists(SIGNS, max_size=4).map("".join)


@given(st.lists(TEXTS), st.integers(0, 2))
def test_texts_are_stripped_as_python_does(texts: list[str | None], start: int) -> None:
    column = pa.array(texts, pa.string()).slice(start)
    wanted = [text and text.strip() for text in texts[start:]]
    assert stripped(column).to_pylist() == wanted
    assert without_blanks(column).to_pylist() == [text_of(text) for text in texts[start:]]


def test_a_path_walks_into_structs_and_lists() -> None:
    rows = [{"a": {"b": ["x", "y"]}}, {"a": {"b": []}}, {"a": None}, {"a": {"b": None}}]
    cells = {"a": pa.array([row["a"] for row in rows])}
    columns = Columns(Batch(4, list, lambda: pa.nulls(4), cells, lambda: rows))
    for path in ("a", "a.b", "a.b.1", "a.b.0.0", "a.c", "c", "a.b.0.z"):
        column = columns.column(path)
        assert column is not None
        assert column.to_pylist() == [getter(path)(row) for row in rows]
