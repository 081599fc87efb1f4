"""A tree becomes the JSON text to be written."""

from __future__ import annotations

import json

from taiyi_corpus.adapters.json_target import adapt
from taiyi_corpus.readers.row import Row

TREE = [{"role": "D", "triples": [["患者", "治疗药物", "秋水仙碱"]], "logical_rel": "null"}]


def test_the_target_reads_back_as_the_tree_and_is_not_escaped() -> None:
    (row,) = adapt(iter([Row("x:1", None, {"tree": TREE})]), {})
    assert isinstance(row, Row)
    assert json.loads(row.data["target"]) == TREE
    assert "秋水仙碱" in row.data["target"]


def test_a_hidden_tree_has_no_target() -> None:
    (row,) = adapt(iter([Row("x:1", None, {"text": "痛风"})]), {})
    assert isinstance(row, Row)
    assert "target" not in row.data
