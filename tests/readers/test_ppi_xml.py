"""The unified XML of protein interaction corpora."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from taiyi_corpus.readers import BadRow
from taiyi_corpus.readers.ppi_xml import read
from tests.readers.members import good, make_member

CORPUS = """<?xml version="1.0" encoding="UTF-8"?>
<corpus source="made up">
  <document id="d1" PMID="77">
    <sentence id="s1" text="A binds B.">
      <entity id="e0" charOffset="0-1" text="A" type="protein"/>
      <entity id="e1" charOffset="8-9" text="B"/>
      <interaction id="i0" e1="e0" e2="e1" type="PPI"/>
    </sentence>
    <sentence id="s2" text="C or its D.">
      <entity id="e2" charOffset="0-1,9-10" text="C D"/>
      <pair id="p0" e1="e2" e2="e0" interaction="True"/>
      <pair id="p1" e1="e2" e2="e1" interaction="False"/>
    </sentence>
  </document>
</corpus>
"""


def cut(row: dict[str, Any]) -> list[list[str]]:
    return [[row["text"][a:b] for a, b in entity["spans"]] for entity in row["entities"]]


def test_sentences_are_joined_and_their_mentions_move(tmp_path: Path) -> None:
    [row] = good(read([make_member(tmp_path, CORPUS)]))
    assert (row.key, row.data["PMID"]) == ("d1", "77")
    assert row.data["text"] == "A binds B. C or its D."
    assert cut(row.data) == [["A"], ["B"], ["C", "D"]]
    assert [(p["start"], p["end"]) for p in row.data["passages"]] == [(0, 10), (11, 22)]


def test_only_pairs_that_interact_are_relations(tmp_path: Path) -> None:
    [row] = good(read([make_member(tmp_path, CORPUS)]))
    assert [relation["id"] for relation in row.data["relations"]] == ["i0", "p0"]
    assert row.data["relations"][1]["args"] == [
        {"role": "Arg1", "ref": "e2"},
        {"role": "Arg2", "ref": "e0"},
    ]
    assert row.data["no_interaction"] == [["e2", "e1"]]


def test_a_sentence_may_be_the_row(tmp_path: Path) -> None:
    first, second = good(read([make_member(tmp_path, CORPUS)], unit="sentence"))
    assert (first.key, second.key) == ("s1", "s2")
    assert first.data["document"] == {"id": "d1", "PMID": "77"}
    assert second.data["text"] == "C or its D."
    assert cut(second.data) == [["C", "D"]]


def test_a_sentence_without_mentions_was_annotated_and_has_none(tmp_path: Path) -> None:
    member = make_member(tmp_path, '<c><document id="d"><sentence text="No."/></document></c>')
    [row] = good(read([member], unit="sentence"))
    assert (row.data["entities"], row.data["relations"]) == ([], [])


def test_a_mention_without_a_place_breaks_its_document(tmp_path: Path) -> None:
    text = CORPUS.replace('charOffset="8-9" ', "")
    [row] = read([make_member(tmp_path, text)])
    assert isinstance(row, BadRow)
    assert row.found == "KeyError: 'charOffset'"
