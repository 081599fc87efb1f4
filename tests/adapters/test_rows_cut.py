"""Adapters that cut a row into several, or name its cells."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import adapter, last_columns, sentence_labels
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
