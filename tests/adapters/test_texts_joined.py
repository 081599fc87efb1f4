"""Adapters that join sections or fields to one text and move what is said of them."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import inline_marks, numbered_words, section_mentions
from taiyi_corpus.readers.row import BadRow, Row


def cut(data: dict[str, Any]) -> list[list[str]]:
    return [[data["text"][a:b] for a, b in entity["spans"]] for entity in data["entities"]]


RECORD = (
    "% a comment\n\nID\t10-1\nsentence\tAbcA turns on xyzB.\n"
    "words\tword(0,'AbcA',0,3)\tword(1,'turns',5,9)\tword(2,'on',11,12)\tword(3,'xyzB',14,17)\n"
    "lemmas\tlemma(1,'turn')\nagents\tagent(0)\tagent(3)\ntargets\ttarget(3)\n"
    "genic_interactions\tgenic_interaction(0,3)\tgenic_interaction(3,3)\n\n"
)


def records(text: str) -> list[Any]:
    return list(numbered_words.adapt(iter([Row("a.txt", "a", {"text": text})]), {}))


def test_words_that_act_or_are_acted_on_are_mentions() -> None:
    [row] = records(RECORD)
    assert row.key == "10-1"
    assert [(e["id"], e["type"]) for e in row.data["entities"]] == [
        ("0", "agent"),
        ("3", "agent/target"),
    ]
    assert cut(row.data) == [["AbcA"], ["xyzB"]]
    assert [[a["ref"] for a in r["args"]] for r in row.data["relations"]] == [
        ["0", "3"],
        ["3", "3"],
    ]
    assert row.data["lemmas"] == ["lemma(1,'turn')"]


def test_a_record_without_interactions_says_nothing_of_them() -> None:
    [row] = records("ID\t10-2\nsentence\tA b.\nwords\tword(0,'A',0,0)\n")
    assert row.data == {"id": "10-2", "text": "A b."}


def test_lines_that_are_no_record_are_broken() -> None:
    [row] = records("sentence\tA b.\n")
    assert isinstance(row, BadRow)


def test_marks_of_title_and_abstract_become_mentions_of_one_text() -> None:
    gene = {"#tag": "gene", "@g_id": "99", "@g_lex": "ABC1", "start": 4, "end": 8}
    variant = {"#tag": "variant", "@v_id": "No", "@v_norm": "A1B", "start": 0, "end": 3}
    data = {
        "Pmid": "5",
        "Title": {"#text": "The ABC1 gene.", "#marks": [gene]},
        "Abstract": {"#text": "A1B was seen.", "#marks": [variant]},
    }

    [row] = inline_marks.adapt(iter([Row("a:1", None, data)]), {})

    assert row.data["text"] == "The ABC1 gene. A1B was seen."
    assert cut(row.data) == [["ABC1"], ["A1B"]]
    assert [(e["type"], e["id"]) for e in row.data["entities"]] == [
        ("gene", "99"),
        ("variant", "No"),
    ]
    assert [p["type"] for p in row.data["passages"]] == ["title", "abstract"]


def label(**attributes: str) -> dict[str, Any]:
    mention = {"@id": "M1", "@section": "S2", "@type": "AdverseReaction", **attributes}
    return {
        "@drug": "foocin",
        "Text": {
            "Section": [
                {"@id": "S1", "@name": "adverse reactions", "#text": "  None.\n"},
                {"@id": "S2", "@name": "warnings", "#text": "Eye and ear\n  pain."},
            ]
        },
        "Mentions": {"Mention": [mention]},
        "Relations": "",
        "Reactions": {
            "Reaction": [
                {
                    "@id": "AR1",
                    "@str": "eye pain",
                    "Normalization": [{"@meddra_pt_id": "7"}, {"@flag": "unmapped"}],
                }
            ]
        },
    }


def test_a_mention_of_a_section_moves_and_gets_the_terms_of_its_string() -> None:
    given = label(**{"@start": "0,14", "@len": "3,4", "@str": "Eye pain"})
    [row] = section_mentions.adapt(iter([Row("a:1", None, given)]), {})
    assert row.data["text"] == "  None.\n\nEye and ear\n  pain."
    assert cut(row.data) == [["Eye", "pain"]]
    assert row.data["entities"][0]["ids"] == ["7"]
    assert row.data["relations"] == []


def test_white_space_in_a_mention_is_as_in_the_text_and_a_wrong_string_stays() -> None:
    for said, wanted in (("ear pain", "ear\n  pain"), ("ear ache", "ear ache")):
        given = label(**{"@start": "8", "@len": "10", "@str": said})
        [row] = section_mentions.adapt(iter([Row("a:1", None, given)]), {})
        assert row.data["entities"][0]["text"] == wanted
