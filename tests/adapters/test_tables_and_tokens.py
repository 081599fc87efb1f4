"""Adapters that look annotation up in other files, or count tokens."""

from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.adapters import (
    standoff_tables,
    token_at,
    token_labels,
    voted_tokens,
    whole_text_mention,
)
from taiyi_corpus.readers.row import BadRow, Row


def table(*rows: dict[str, Any]) -> list[Row]:
    return [Row(f"t:{n}", None, row) for n, row in enumerate(rows)]


def test_a_text_gets_the_rows_that_name_it() -> None:
    side = {
        "entities": table(
            {"document": "1", "id": "T1", "start": "0", "end": "1"},
            {"document": "2", "id": "T1", "start": "3", "end": "4"},
        ),
        "relations": table(
            {"document": "1", "type": "INHIBITOR", "arg1": "Arg1:T1", "arg2": "Arg2:T2"}
        ),
    }
    texts = table({"document": "1", "title": "A"}, {"document": "3", "title": "B"})

    first, second = standoff_tables.adapt(iter(texts), side)

    assert first.data["entities"] == [{"id": "T1", "start": "0", "end": "1"}]
    assert first.data["relations"] == [
        {
            "type": "INHIBITOR",
            "args": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}],
        }
    ]
    assert (second.data["entities"], second.data["relations"]) == ([], [])


def test_a_text_file_is_named_by_its_key_and_relations_may_be_no_part() -> None:
    side = {"entities": table({"document": "pmcA1", "start": "0"})}
    [row] = standoff_tables.adapt(iter([Row("pmcA1.txt", "pmcA1", {"text": "x"})]), side)
    assert row.data == {"text": "x", "entities": [{"start": "0"}]}


def test_the_whole_text_is_the_mention() -> None:
    [row] = whole_text_mention.adapt(iter(table({"concept": "9", "text": "head pounding"})), {})
    assert row.data["entities"] == [{"concept": "9", "text": "head pounding", "spans": [[0, 13]]}]
    assert set(row.data) == {"text", "entities"}


def test_places_count_tokens_between_single_blanks() -> None:
    given = {"TEXT": "a  RF case", "LOCATION": "2", "LABEL": "renal failure"}
    [row] = token_at.adapt(iter(table(given)), {})
    assert isinstance(row, Row)
    assert row.data["entities"] == [{"text": "RF", "spans": [[3, 5]], "label": "renal failure"}]


@pytest.mark.parametrize("place", ["4", "-1", "x", "1"])
def test_a_place_without_a_token_is_broken(place: str) -> None:
    given = {"TEXT": "a  RF case", "LOCATION": place, "LABEL": "renal failure"}
    assert [type(row) for row in token_at.adapt(iter(table(given)), {})] == [BadRow]


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
