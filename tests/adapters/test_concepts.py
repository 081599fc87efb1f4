"""Adapters of corpora that annotate concepts rather than words."""

from __future__ import annotations

from typing import Any

from taiyi_corpus.adapters import named_concepts, voted_concepts
from taiyi_corpus.readers.row import BadRow, Row

DRUG, ILL = "Chemicals & Drugs", "Diseases & Disorders"
TEXTS = [Row("texts:1", None, {"pmid": "7", "title": "Foocin.", "abstract": "It causes rash."})]


def concept(agreed: bool, number: int, start: int, end: int, group: str, ids: str = "[]") -> str:
    return f"Drug-Disorder\t{agreed}\tconcept\tx\t{start}\t{end}\ta1\t{ids}\t{number}\t{group}"


def relation(agreed: bool, first: int, second: int, kind: str) -> str:
    return f"Drug-Disorder\t{agreed}\trelation\t{first}\t{second}\t[]\t[]\t0:6\t18:22\ta1\t{kind}"


def abstract(*lines: str, stem: str = "7") -> list[Any]:
    row = Row(f"{stem}.txt", stem, {"stem": stem, "text": "\n".join(lines)})
    return list(voted_concepts.adapt(iter([row]), {"texts": TEXTS}))


def test_agreed_lines_are_gold_and_the_others_are_listed() -> None:
    [row] = abstract(
        concept(True, 0, 0, 6, DRUG, "['sda/1', 'umls/C1']"),
        concept(True, 1, 18, 22, ILL),
        concept(False, 2, 11, 17, ILL),
        relation(True, 0, 1, "PA"),
        relation(False, 0, 2, "NA"),
    )
    data = row.data
    assert [data["text"][a:b] for e in data["entities"] for a, b in e["spans"]] == [
        "Foocin",
        "rash",
    ]
    assert data["entities"][0]["ids"] == ["umls/C1"]
    assert data["entities"][0]["other_ids"] == ["sda/1"]
    assert [(r["type"], [a["ref"] for a in r["args"]]) for r in data["relations"]] == [
        ("PA", ["0", "1"])
    ]
    assert [cells[2] for cells in data["not_agreed"]] == ["concept", "relation"]


def test_what_an_agreed_relation_names_is_gold_and_a_number_may_repeat() -> None:
    [row] = abstract(
        concept(True, 0, 0, 6, DRUG),
        concept(False, 1, 18, 22, ILL),
        concept(False, 1, 18, 22, DRUG),
        relation(True, 0, 1, "SA"),
    )
    assert [entity["id"] for entity in row.data["entities"]] == ["0", "1", f"1-{DRUG}"]


def test_an_abstract_without_text_is_broken_and_a_repeated_file_is_passed_over() -> None:
    assert [type(row) for row in abstract(stem="8")] == [BadRow]
    assert abstract(stem="7_2") == []


def named(label: str, **names: list[list[int]]) -> dict[str, Any]:
    return {"label": label, "names": {name: {"mentions": places} for name, places in names.items()}}


def sentence(label: int, participants: list[int]) -> Any:
    grounding = {"source": "uniprot", "link": "https://example.org/uniprot/P1"}
    entities = [
        named("protein", Ubx=[[10, 13]], Ubiquitin=[[0, 9]])
        | {"grounding": grounding, "is_mutant": True},
        named("protein-domain", RING=[[20, 24]]) | {"grounding": None},
        named("gene", unseen=[]),
    ]
    pair = {"participants": participants, "type": "bind", "implicit": False, "label": label}
    data = {
        "id": "s1",
        "text": "Ubiquitin Ubx binds RING",
        "entities": entities,
        "interactions": [pair],
    }
    [row] = named_concepts.adapt(iter([Row("a#0", None, data)]), {})
    return row


def test_each_place_is_a_mention_and_a_concept_with_several_is_a_coreference() -> None:
    data = sentence(1, [0, 1]).data
    assert [(e["id"], e["text"]) for e in data["entities"]] == [
        ("T0.0", "Ubiquitin"),
        ("T0.1", "Ubx"),
        ("T1.0", "RING"),
    ]
    assert data["entities"][1]["concept"] == "P1"
    assert "concept" not in data["entities"][2]
    assert data["coreferences"] == [["T0.0", "T0.1"]]


def test_a_relation_names_the_first_mention_of_each_concept_or_its_name() -> None:
    [bind] = sentence(1, [0, 2]).data["relations"]
    assert bind["args"] == [{"role": "Arg1", "ref": "T0.0"}, {"role": "Arg2", "text": "unseen"}]
    assert (bind["type"], bind["kind"]) == ("bind", "bind")
    assert sentence(-1, [0, 1]).data["relations"][0]["type"] == "no_bind"
    assert sentence(0, [0, 1]).data["relations"][0]["type"] == "bind_unclear"


def test_a_concept_that_is_not_there_breaks_the_sentence() -> None:
    assert isinstance(sentence(1, [0, 9]), BadRow)
    assert isinstance(sentence(2, [0, 1]), BadRow)
