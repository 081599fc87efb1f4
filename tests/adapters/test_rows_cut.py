"""Adapters that cut a row into several, or name its cells."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import (
    adapter,
    last_columns,
    parallel_lists,
    sentence_labels,
    spoken_lines,
    utterances,
)
from taiyi_corpus.readers.row import BadRow, Row


def good(name: str, rows: list[Row], **side: list[Row]) -> list[dict[str, Any]]:
    return [row.data for row in adapter(name)(iter(rows), side) if isinstance(row, Row)]


def labelled(labels: str) -> list[Row | BadRow]:
    texts = [Row("text/7.txt", "7", {"text": "One .\nTwo .\nThree .\n"})]
    side = {"labels": [Row("labels/7.txt", "7", {"text": labels})]}
    return list(sentence_labels.adapt(iter(texts), side))


def test_each_sentence_gets_the_top_levels_of_its_labels() -> None:
    rows = labelled("< <Growth--Receptors ANDGrowth ANDDeath--Apoptosis--<NULL")
    assert [row.data["labels"] for row in rows if isinstance(row, Row)] == [
        [],
        ["Growth", "Growth", "Death"],
        [],
    ]
    assert [row.key for row in rows if isinstance(row, Row)] == ["7_0", "7_1", "7_2"]


def test_a_text_whose_labels_do_not_fit_is_broken() -> None:
    assert [type(row) for row in labelled("< <")] == [BadRow]
    alone = Row("text/8.txt", "8", {"text": "One ."})
    assert isinstance(next(sentence_labels.adapt(iter([alone]), {"labels": []})), BadRow)


def test_parallel_lists_become_rows_if_they_are_equally_long() -> None:
    rows = [Row("f", None, {"titles": ["a", "b"], "answers": ["1", "2"]})]
    assert good("parallel_lists", rows) == [
        {"titles": "a", "answers": "1"},
        {"titles": "b", "answers": "2"},
    ]
    uneven = Row("f", None, {"titles": ["a"], "answers": []})
    assert isinstance(next(parallel_lists.adapt(iter([uneven]), {})), BadRow)


def test_the_mark_of_an_utterance_ends_at_the_first_colon() -> None:
    row = Row("f#0", None, {"description": "d", "utterances": ["Patient: fever: 38.2", "no mark"]})
    first, second = utterances.adapt(iter([row]), {})
    assert isinstance(first, Row) and first.key == "0_0"
    assert (first.data["speaker"], first.data["text"]) == ("patient", "fever: 38.2")
    assert isinstance(second, BadRow)


def test_a_turn_goes_on_over_blank_lines_and_stray_carriage_returns() -> None:
    lines = ["id=3", "https://example.org", "", "Description", "Fever?", "", "Dialogue", "Patient:"]
    lines += ["I have fever.\r", "", "Since Monday.", "Doctor:", "Drink."]
    turns = list(spoken_lines.adapt(iter([Row("f:1", "3", {"lines": lines})]), {}))
    assert [(t.key, t.data["speaker"], t.data["text"]) for t in turns if isinstance(t, Row)] == [
        ("3_0", "patient", "I have fever.\nSince Monday."),
        ("3_1", "doctor", "Drink."),
    ]
    assert isinstance(turns[0], Row) and turns[0].data["description"] == "Fever?"
    assert isinstance(
        next(spoken_lines.adapt(iter([Row("f:9", "4", {"lines": ["id=4"]})]), {})), BadRow
    )


def test_the_header_names_the_last_cells_of_each_line() -> None:
    lines = ["claim\tlabel", '0\t"""Tea heals,"" he said."\tfalse', "plain\ttrue", "short"]
    rows = [Row(f"f:{n}", None, {"line": n, "text": text}) for n, text in enumerate(lines, 1)]
    first, second, third = last_columns.adapt(iter(rows), {})
    assert isinstance(first, Row) and first.data == {
        "claim": '"Tea heals," he said.',
        "label": "false",
    }
    assert isinstance(second, Row) and second.data == {"claim": "plain", "label": "true"}
    assert isinstance(third, BadRow)
