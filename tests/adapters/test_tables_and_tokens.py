"""Adapters that look up in other files which tokens belong to a mention."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import token_labels, voted_tokens
from taiyi_corpus.readers.row import BadRow, Row


def layers(labels: dict[str, str]) -> Any:
    side = {"tokens": [Row("documents/17.tokens", "17", {"text": "Forty\nadults\ntook\nzincol"})]}
    rows = [
        Row(f"labels/{name}/train/17.AGGREGATED.ann", "", {"stem": "17.AGGREGATED", "text": text})
        for name, text in labels.items()
    ]
    [row] = token_labels.adapt(iter(rows), side)
    return row


def test_runs_of_one_label_are_mentions_and_layers_may_overlap() -> None:
    row = layers({"participants": "3\n1\n0\n0", "interventions": "0\n0\n3\n3\n"})
    assert row.data["text"] == "Forty adults took zincol"
    assert row.data["entities"] == [
        {"type": "participants_3", "spans": [[0, 5]]},
        {"type": "participants_1", "spans": [[6, 12]]},
        {"type": "interventions_3", "spans": [[13, 24]]},
    ]
    assert row.data["layers"] == ["interventions", "participants"]


def test_labels_that_do_not_fit_the_tokens_are_broken() -> None:
    row = layers({"participants": "3\n1\n0"})
    assert isinstance(row, BadRow)
    assert (row.wanted, row.found) == ("labels of 4 tokens", "3 in participants")


def voted(*votes: list[int]) -> Any:
    side = {"participant": [Row("p", "1:0", {"annotations": list(votes)})]}
    [row] = voted_tokens.adapt(iter([Row("s", "1:0", {"value": "Forty  adults took it"})]), side)
    return row


def test_a_token_needs_more_than_half_of_the_votes() -> None:
    row = voted([1, 1, 0, 1], [1, 1, 0, 0], [0, 1, 1, 0])
    assert row.data["entities"] == [{"type": "participant", "spans": [[0, 13]]}]
    assert row.data["votes"]["participant"][0] == [1, 1, 0, 1]
    assert voted([1, 0, 0, 0], [0, 0, 0, 0]).data["entities"] == []


def test_votes_on_another_number_of_tokens_are_broken() -> None:
    assert isinstance(voted([1, 1, 0]), BadRow)
