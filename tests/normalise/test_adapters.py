"""Adapters: a row that one trips over is a fault of the file, named by its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.normalise import split
from taiyi_corpus.readers import Row


def test_a_row_that_an_adapter_cannot_reshape_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def adapt(rows: Iterator[Row], side: object) -> Iterator[Row]:
        for row in rows:
            yield Row(row.where, row.key, {"text": row.data["sentence"]})

    monkeypatch.setattr(split, "adapter", lambda name: adapt)
    rows = iter(
        [
            Row("a.jsonl:1", None, {"sentence": "Fine."}),
            Row("a.jsonl:2", None, {"phrase": "Not fine."}),
        ]
    )
    made = split._adapted("sentences", rows, {})
    assert next(made).data == {"text": "Fine."}  # type: ignore[union-attr]
    with pytest.raises(
        SourceError,
        match=r"a\.jsonl:2: wanted a row that the adapter 'sentences' can reshape, found KeyError",
    ):
        next(made)
