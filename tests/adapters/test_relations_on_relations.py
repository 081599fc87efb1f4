"""Relations whose tail may be a relation get ids, and refer to each other by them."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters.relations_on_relations import adapt
from taiyi_corpus.readers.row import BadRow, Row


def mention(text: str, start: int) -> dict[str, Any]:
    """Return a mention as the source gives it."""
    return {"mention": text, "start_idx": start, "end_idx": start + len(text)}


STRAIN, PAIN, SITTING = mention("劳损", 4), mention("腰痛", 9), mention("久坐", 0)
CAUSAL = {"head": STRAIN, "relation": 1, "tail": {"type": "mention", **PAIN}}
CONDITION = {
    "head": SITTING,
    "relation": 2,
    "tail": {"type": "relation", "head": STRAIN, "relation": 1, "tail": PAIN},
}


def adapted(*listed: dict[str, Any]) -> Any:
    """Return what the adapter makes of one text."""
    (row,) = adapt(iter([Row("x.json#0", None, {"relation_of_mention": list(listed)})]), {})
    return row


def relations(*listed: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return (id, type, ref of the first argument, ref of the second) of each relation."""
    return [
        (r["id"], r["type"], *(arg["ref"] for arg in r["args"]))
        for r in adapted(*listed).data["relations"]
    ]


def test_a_mention_is_made_once() -> None:
    entities = adapted(CAUSAL, CONDITION).data["entities"]
    assert [(entity["id"], entity["spans"], entity["text"]) for entity in entities] == [
        ("T1", [[4, 6]], "劳损"),
        ("T2", [[9, 11]], "腰痛"),
        ("T3", [[0, 2]], "久坐"),
    ]


def test_a_condition_refers_to_the_causal_relation_that_is_listed() -> None:
    assert relations(CONDITION, CAUSAL) == [("R1", 1, "T1", "T2"), ("R2", 2, "T3", "R1")]


def test_a_causal_relation_that_is_not_listed_is_made() -> None:
    assert relations(CONDITION) == [("R1", 1, "T2", "T3"), ("R2", 2, "T1", "R1")]


def test_arguments_are_named_by_the_relation() -> None:
    (relation,) = adapted(CAUSAL).data["relations"]
    assert [arg["role"] for arg in relation["args"]] == ["Cause", "Effect"]


def test_no_relations_is_an_answer_and_no_list_is_none() -> None:
    assert adapted().data["relations"] == []
    (row,) = adapt(iter([Row("x.json#0", None, {"text": "久坐"})]), {})
    assert isinstance(row, Row)
    assert "relations" not in row.data


def test_an_unknown_relation_breaks_the_row() -> None:
    assert isinstance(adapted({**CAUSAL, "relation": 4}), BadRow)
