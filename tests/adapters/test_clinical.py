"""Adapters of the clinical challenges: positions by line and token, judgements and notes in other files, tags."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import Side, adapter
from taiyi_corpus.adapters._line_tokens import Tokens, segments
from taiyi_corpus.readers.row import BadRow, Row


def made(name: str, data: dict[str, Any], side: Side | None = None) -> list[Row | BadRow]:
    return list(adapter(name)(iter([Row("file:1", data.get("stem"), data)]), side or {}))


def one(name: str, data: dict[str, Any], side: Side | None = None) -> dict[str, Any]:
    [row] = made(name, data, side)
    assert isinstance(row, Row)
    return row.data


def file(stem: str, text: str) -> Row:
    return Row(stem, stem, {"stem": stem, "name": stem, "text": text})


def test_a_segment_may_hold_quotes_and_pipes_and_have_several_places() -> None:
    line = 'c="a "b|c" d" 1:0 1:2||t="problem"|||f="x ... y" 2:1 2:1,2:4 2:5||r="nm"'
    assert segments(line) == [
        ("c", 'a "b|c" d', [(1, 0, 1, 2)]),
        ("t", "problem", []),
        ("f", "x ... y", [(2, 1, 2, 1), (2, 4, 2, 5)]),
        ("r", "nm", []),
    ]


def test_a_line_that_does_not_keep_the_grammar_is_none() -> None:
    assert segments("c=pain 1:0 1:0") is None


def test_tokens_are_parted_by_any_blanks_and_a_place_may_cross_lines() -> None:
    tokens = Tokens("No  chest\npain .")
    assert tokens.spans([(1, 1, 2, 0)]) == [[4, 14]]
    assert tokens.spans([(3, 0, 3, 0)]) == [[-1, -1]]


MEDICATION = {"texts": [file("17", "Aspirin 81 mg daily.\nAspirin again")]}


def test_an_entry_is_a_relation_of_its_fields_and_a_repeated_field_one_mention() -> None:
    lines = (
        'm="aspirin" 1:0 1:0||do="81 mg" 1:1 1:2||f="daily" 1:3 1:3||r="nm"||e="start"||c="nm"\n'
    )
    data = one("medication_entries", {"stem": "17_gold", "text": lines * 2}, MEDICATION)
    assert data["text"] == "Aspirin 81 mg daily.\nAspirin again"
    assert [(e["type"], e["spans"]) for e in data["entities"]] == [
        ("m", [[0, 7]]),
        ("do", [[8, 13]]),
        ("f", [[14, 19]]),  # the full stop is not meant
    ]
    assert [len(relation["args"]) for relation in data["relations"]] == [3, 3]
    assert data["attributes"][0] == {"ref": "R1", "name": "e", "value": "start"}


def test_entries_without_their_text_are_a_bad_row() -> None:
    [row] = made("medication_entries", {"stem": "18", "text": ""}, MEDICATION)
    assert isinstance(row, BadRow)


def test_a_broken_entry_is_a_bad_row_and_the_others_stay() -> None:
    text = 'aspirin\nm="aspirin" 2:0 2:0\n'
    bad, good = made("medication_entries", {"stem": "17", "text": text}, MEDICATION)
    assert isinstance(bad, BadRow)
    assert isinstance(good, Row)
    assert good.data["entities"] == [{"id": "T1", "type": "m", "spans": [[21, 28]]}]


def test_concepts_assertions_and_relations_are_tied_by_their_places() -> None:
    side = {
        "concepts": [
            file("a", 'c="lasix" 1:0 1:0||t="treatment"\n' + 'c="edema" 1:2 1:2||t="problem"\n' * 2)
        ],
        "assertions": [file("a", 'c="edema" 1:2 1:2||t="problem"||a="present"\n')],
        "relations": [file("a", 'c="lasix" 1:0 1:0||r="TrAP"||c="edema" 1:2 1:2\n')],
    }
    data = one("concept_files", {"stem": "a", "text": "Lasix for edema"}, side)
    assert [(e["id"], e["type"]) for e in data["entities"]] == [
        ("T1", "treatment"),
        ("T2", "problem"),
    ]
    assert data["relations"][0]["args"] == [
        {"role": "Arg1", "ref": "T1"},
        {"role": "Arg2", "ref": "T2"},
    ]
    assert data["attributes"] == [{"ref": "T2", "name": "assertion", "value": "present"}]


def test_a_text_without_a_file_of_concepts_has_no_gold() -> None:
    assert "entities" not in one("concept_files", {"stem": "b", "text": "Lasix"}, {"concepts": []})


def test_judgements_add_up_over_files_and_what_was_not_judged_has_no_label() -> None:
    def judged(source: str, name: str, judgment: str) -> Row:
        parents = {"diseases": {"@source": source}}
        doc = [{"@id": "1", "@judgment": judgment}]
        return Row("j", None, {"@name": name, "doc": doc, "_parents": parents})

    side = {
        "judgments": [
            judged("intuitive", "Gout", "Y"),
            judged("intuitive", "OA", "N"),
            judged("textual", "OA", "U"),
        ]
    }
    data = one("judgments_apart", {"@id": "1", "text": "..."}, side)
    assert (data["labels"], data["textual"]) == (["Gout Y", "OA N"], {"OA": "U"})
    assert one("judgments_apart", {"@id": "2", "text": "..."}, side)["labels"] is None


def test_the_criteria_that_are_met_are_the_labels() -> None:
    marks = [{"#tag": "HBA1C", "@met": "met"}, {"#tag": "ENGLISH", "@met": "not met"}]
    assert one("met_criteria", {"TAGS": {"#marks": marks}})["labels"] == ["HBA1C"]
    [row] = made("met_criteria", {"TAGS": {"#marks": [{"#tag": "HBA1C", "@met": "yes"}]}})
    assert isinstance(row, BadRow)


def test_a_question_on_a_note_has_its_paraphrases_and_an_answer_without_text_is_its_evidence() -> (
    None
):
    qa = {
        "question": ["Is |x| taken?", "Does he take |x|?"],
        "answers": [
            {"text": "", "evidence": "He takes x .\n"},
            {"text": ["a", "b"], "evidence": ["l", "l"]},
        ],
    }
    note = {"note_id": 7, "context": ["He takes x .\n", "a and b\n"], "qas": [qa]}
    data = one("note_questions", {"title": "medication", "paragraphs": [note]})
    assert data["question"] == "Is x taken?"
    assert data["paraphrases"] == ["Does he take x?"]
    assert data["answers"] == ["He takes x .", "a, b"]
    assert data["context"] == "He takes x .\na and b\n"
    assert (data["key"], data["note"]) == ("medication-7-0", "medication-7")


def test_lines_of_a_note_that_lost_their_ends_are_joined_by_them() -> None:
    note = {
        "note_id": 7,
        "context": ["Takes x .", "No y ."],
        "qas": [{"question": "?", "answers": []}],
    }
    data = one("note_questions", {"title": "risk-dataset", "paragraphs": [note]})
    assert data["context"] == "Takes x .\nNo y ."


def test_tags_become_mentions_and_the_label_says_the_direction() -> None:
    data = one(
        "tagged_arguments", {"Text": "<e1>Rash</e1> from <e2>zincol</e2>.", "Label": "Cause(E2,E1)"}
    )
    assert data["text"] == "Rash from zincol."
    assert [e["spans"] for e in data["entities"]] == [[[0, 4]], [[10, 16]]]
    assert data["relations"] == [
        {"type": "Cause", "args": [{"role": "Agent", "ref": "e2"}, {"role": "Target", "ref": "e1"}]}
    ]


def test_the_label_without_a_direction_says_that_there_is_no_relation() -> None:
    data = one("tagged_arguments", {"Text": "<e1>a</e1> <e2>b</e2>", "Label": "Other"})
    assert data["relations"] == []


def test_a_sentence_without_both_tags_is_a_bad_row() -> None:
    [row] = made("tagged_arguments", {"Text": "<e1>a</e1> b", "Label": "Other"})
    assert isinstance(row, BadRow)
