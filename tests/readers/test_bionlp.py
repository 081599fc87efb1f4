from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from taiyi_corpus.readers import standoff_files
from taiyi_corpus.readers.bionlp import read
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

TEXT = "Alpha kinase activates BetaX expression\nGammaR binding was blocked."
A1 = "T1\tProtein 0 12\tAlpha kinase\nT2\tProtein 23 28\tBetaX\nT3\tProtein 40 46\tGammaR\n"
A2 = (
    "*\tEquiv T1 T3\n"
    "E2\tPositive_regulation:T4 Theme:E1 Cause:T1\n"
    "T4\tPositive_regulation 13 22\tactivates\n"
    "T5\tGene_expression 29 39\texpression\n"
    "T6\tBinding 47 54\tbinding\n"
    "T7\tEntity 40 46\tGammaR\n"
    "E1\tGene_expression:T5 Theme:T2\n"
    "E3\tBinding:T6 Theme:T3 Theme2:T1 Site:T7\n"
    "E4\tBinding:T6 \n"
    "M1\tNegation E3\n"
    "R1\tCoreference Subject:T7 Object:T6\n"
)


def only(members: list[Member], **options: Any) -> Any:
    (row,) = read(members, **options)
    return row


def test_given_entities_and_answers_make_one_document(place: Any) -> None:
    row = only(place({"train/d.txt": TEXT, "train/d.a1": A1, "train/d.a2": A2}))
    assert isinstance(row, Row)
    data = row.data
    assert (row.where, row.key, data["folder"], data["text"]) == ("train/d.txt", "d", "train", TEXT)
    assert [(e["id"], e["type"]) for e in data["entities"]] == [
        ("T1", "Protein"),
        ("T2", "Protein"),
        ("T3", "Protein"),
        ("T7", "Entity"),
    ]
    assert data["attributes"] == [{"id": "M1", "ref": "E3", "name": "Negation"}]
    assert data["coreferences"] == [["T1", "T3"]]
    assert data["relations"][0]["args"] == [
        {"role": "Subject", "ref": "T7"},
        {"role": "Object", "ref": "T6"},
    ]


def test_events_may_refer_forward_share_a_trigger_and_have_no_argument(place: Any) -> None:
    events = only(place({"d.txt": TEXT, "d.a1": A1, "d.a2": A2})).data["events"]
    binding = {"id": "T6", "spans": [[47, 54]], "text": "binding"}
    assert [(e["id"], e["type"], [a["ref"] for a in e["args"]]) for e in events] == [
        ("E2", "Positive_regulation", ["E1", "T1"]),
        ("E1", "Gene_expression", ["T2"]),
        ("E3", "Binding", ["T3", "T1", "T7"]),
        ("E4", "Binding", []),
    ]
    assert [e["trigger"] for e in events[2:]] == [binding, binding]


def test_roles_keep_their_digits(place: Any) -> None:
    events = only(place({"d.txt": TEXT, "d.a1": A1, "d.a2": A2})).data["events"]
    assert [a["role"] for a in events[2]["args"]] == ["Theme", "Theme2", "Site"]


def test_without_answers_in_a_split_their_parts_are_absent(place: Any) -> None:
    data = only(place({"d.txt": TEXT, "d.a1": A1})).data
    assert set(data) == {"id", "text", "entities"}


def test_empty_answers_say_that_there_is_nothing(place: Any) -> None:
    data = only(place({"d.txt": TEXT, "d.a1": "", "d.a2": ""})).data
    assert (data["entities"], data["events"], data["relations"]) == ([], [], [])


def test_one_text_without_answers_among_others_is_a_fault(place: Any) -> None:
    files = {"a.txt": "", "a.a1": "", "a.a2": "", "b.txt": "", "b.a1": ""}
    good, bad = read(place(files))
    assert good.key == "a"
    assert bad.wanted == "b.a2 beside it"


def test_a_text_without_given_entities_is_a_fault(place: Any) -> None:
    assert only(place({"a.txt": "Foo"})).wanted == "a.a1 beside it"


def test_answers_of_another_suffix(place: Any) -> None:
    rel = "T8\tEntity 29 39\texpression\nR1\tProtein-Component Arg1:T2 Arg2:T8\n"
    data = only(place({"d.txt": TEXT, "d.a1": A1, "d.rel": rel}), answers=[".rel"]).data
    assert [e["id"] for e in data["entities"]] == ["T1", "T2", "T3", "T8"]
    assert data["relations"][0]["type"] == "Protein-Component"


def test_normalisations_keep_the_colons_of_their_accession(place: Any) -> None:
    a2 = "N1\tOntoBiotope Annotation:T2 Referent:OBT:000001\n"
    data = only(place({"d.txt": TEXT, "d.a1": A1, "d.a2": a2})).data
    assert data["entities"][1]["identifiers"] == ["OntoBiotope:OBT:000001"]
    assert "identifiers" not in data["entities"][0]


def test_a_normalisation_of_no_mention_breaks_its_document(place: Any) -> None:
    a2 = "N1\tOntoBiotope Annotation:T99 Referent:OBT:000001\n"
    bad = only(place({"d.txt": TEXT, "d.a1": A1, "d.a2": a2}))
    assert isinstance(bad, BadRow)
    assert (bad.where, bad.wanted) == ("d.a2:1", "a T line T99, which this line normalises")


def test_a_broken_line_breaks_its_document(place: Any) -> None:
    bad = only(place({"d.txt": TEXT, "d.a1": A1, "d.a2": f"{A2}E9\tBinding\n"}))
    assert bad == BadRow("d.a2:12", "E id, TAB, type:trigger role:ref ...", r"'E9\tBinding'")


def test_bad_lines_one_by_one_on_request(place: Any) -> None:
    files = {"d.txt": TEXT, "d.a1": A1, "d.a2": f"E9\tBinding\n{A2}"}
    bad, row = read(place(files), bad_lines="line")
    assert bad.where == "d.a2:1"
    assert len(row.data["events"]) == 4


def test_a_trigger_named_by_two_lines_is_a_fault(place: Any) -> None:
    a2 = "T4\tX 0 5\tAlpha\nT4\tX 6 12\tkinase\nE1\tX:T4\n"
    bad = only(place({"d.txt": TEXT, "d.a1": "", "d.a2": a2}))
    assert bad.where == "d.a2:3" and bad.found.startswith("2 of them")


def test_a_file_of_another_kind_is_named(place: Any) -> None:
    bad, _ = read(place({"d.txt": TEXT, "d.a1": A1, "d.json": "{}"}))
    assert bad.where == "d.json"


def test_documents_of_a_packed_archive_are_those_of_the_folder(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"d{n}.{end}": text for n in range(5) for end, text in zip(
        ("txt", "a1", "a2"), (f"{TEXT}{n}", A1, A2), strict=True)}  # fmt: skip
    plain = list(read(place(files)))
    packed = tmp_path / "all.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        for name in reversed(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name].encode())
            archive.addfile(entry, io.BytesIO(files[name].encode()))
    # Two documents at a time, so that batches end inside the list.
    monkeypatch.setattr(standoff_files, "BATCH", 2)
    assert list(read([Member(name, packed, name) for name in files])) == plain
    assert len(plain) == 5
