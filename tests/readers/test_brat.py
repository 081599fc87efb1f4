from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import InputError
from taiyi_corpus.readers.brat import read
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

TEXT = "Age > 18 years\r\n No foo disease or bar disease\r\n"
ANN = (
    "T1\tPerson 0 3\tAge\n"
    "T2\tValue 4 14\t> 18 years\n"
    "T3_x\tCondition 20 23;35 46\tfoo bar disease\n"
    "R1\tHas_value Arg1:T1 Arg2:T2\t\n"
    "*\tOR T1 T2 T3_x\n"
    "*\tEquiv T1 T3_x\n"
    "A1\tOptional T2\n"
    "A2\tCertainty T2 L3\n"
    "N1\tReference T3_x UMLS:C000:1\tFoo bar\n"
    "#1\tAnnotatorNotes T1\tsee the guide\n"
)


def only(members: list[Member], **options: Any) -> Any:
    (row,) = read(members, **options)
    return row


def test_a_text_and_its_annotation_make_a_row(place: Any) -> None:
    assert only(place({"corpus/x/d1.txt": TEXT, "corpus/x/d1.ann": ANN})) == Row(
        "corpus/x/d1.txt",
        "d1",
        {
            "id": "d1",
            "folder": "x",
            "text": TEXT,
            "entities": [
                {"id": "T1", "type": "Person", "spans": [[0, 3]], "text": "Age"},
                {"id": "T2", "type": "Value", "spans": [[4, 14]], "text": "> 18 years"},
                {
                    "id": "T3_x",
                    "type": "Condition",
                    "spans": [[20, 23], [35, 46]],
                    "text": "foo bar disease",
                    "identifiers": ["UMLS:C000:1"],
                    "names": ["Foo bar"],
                },
            ],
            "relations": [
                {
                    "id": "R1",
                    "type": "Has_value",
                    "args": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}],
                }
            ],
            "events": [],
            "attributes": [
                {"id": "A1", "ref": "T2", "name": "Optional"},
                {"id": "A2", "ref": "T2", "name": "Certainty", "value": "L3"},
            ],
            "notes": [{"ref": "T1", "type": "AnnotatorNotes", "text": "see the guide"}],
            "coreferences": [["T1", "T3_x"]],
            "groups": [{"kind": "OR", "refs": ["T1", "T2", "T3_x"]}],
        },
    )


def test_an_empty_annotation_file_is_a_document_without_mentions(place: Any) -> None:
    data = only(place({"a.txt": "Foo.", "a.ann": ""})).data
    assert (data["text"], data["entities"], data["relations"]) == ("Foo.", [], [])
    assert "folder" not in data


def test_an_empty_text_is_a_document(place: Any) -> None:
    assert only(place({"a.txt": "", "a.ann": "\n"})).data["text"] == ""


def test_a_mention_that_does_not_fit_its_offsets_is_not_moved(place: Any) -> None:
    entity = only(place({"a.txt": "Foo.", "a.ann": "T1\tX 1 4\tFoo \n"})).data["entities"][0]
    assert (entity["spans"], entity["text"]) == ([[1, 4]], "Foo ")


def test_a_trigger_stands_in_its_events_and_not_among_the_entities(place: Any) -> None:
    ann = (
        "E1\tGrowth:T2 Theme:T1 Theme2:E2\nT1\tCell 0 3\tFoo\nT2\tGrowth 4 7\tbar\nE2\tGrowth:T2 \n"
    )
    members = place({"a.txt": "Foo bar", "a.ann": ann})
    trigger = {"id": "T2", "spans": [[4, 7]], "text": "bar"}
    data = only(members).data
    assert data["events"] == [
        {
            "id": "E1",
            "type": "Growth",
            "trigger": trigger,
            "args": [{"role": "Theme", "ref": "T1"}, {"role": "Theme2", "ref": "E2"}],
        },
        {"id": "E2", "type": "Growth", "trigger": trigger, "args": []},
    ]
    assert [e["id"] for e in data["entities"]] == ["T1"]
    kept = only(members, keep_triggers=True).data
    assert [e["id"] for e in kept["entities"]] == ["T1", "T2"]
    assert kept["events"] == data["events"]


def test_line_ends_of_windows_in_an_annotation_file_are_no_part_of_surfaces(place: Any) -> None:
    ann = "T1\tX 0 3\tFoo\r\nT2\tX 4 7\tbar\r\n"
    data = only(place({"a.txt": "Foo bar", "a.ann": ann})).data
    assert [e["text"] for e in data["entities"]] == ["Foo", "bar"]


def test_a_carriage_return_in_one_surface_is_kept(place: Any) -> None:
    ann = "T1\tX 0 4\tFoo\r\nT2\tX 5 8\tbar\n"
    data = only(place({"a.txt": "Foo\r\nbar", "a.ann": ann})).data
    assert data["entities"][0]["text"] == "Foo\r"


def test_a_byte_order_mark_is_no_part_of_an_id_but_stays_in_the_text(place: Any) -> None:
    data = only(place({"a.txt": "\ufeffFoo", "a.ann": "\ufeffT1\tX 1 4\tFoo\n"})).data
    assert data["entities"][0]["id"] == "T1"
    assert data["text"][1:4] == "Foo"


@pytest.mark.parametrize(
    "line",
    [
        "T2\tX 0 3",  # no surface
        "T2\tX 0\tFoo",
        "T2\tX zero 3\tFoo",
        "T2 X 0 3 Foo",
        "R1\tHas_value Arg1:T1",
        "R1\tHas_value T1 T2",
        "R1\t\x0b",
        "R1\tHas_value Arg1:T1 Arg2:T1\tmore",
        "E1\tGrowth Theme:T1",
        "E1\tGrowth:T9 Theme:T1",  # a trigger that no line defines
        "A1\tOptional",
        "N1\tReference T1 C0001",
        "#1\tAnnotatorNotes",
        "*\tEquiv T1",
        "a surface that went on",
        "X1\tno such kind",
    ],
)
def test_a_broken_line_breaks_its_document_and_no_other(place: Any, line: str) -> None:
    files = {"a.txt": "Foo", "a.ann": f"T1\tX 0 3\tFoo\n{line}\n", "b.txt": "", "b.ann": ""}
    bad, good = read(place(files))
    assert isinstance(bad, BadRow) and bad.where == "a.ann:2"
    assert repr(line)[1:-1] in bad.found
    assert isinstance(good, Row) and good.key == "b"


def test_all_broken_lines_of_a_document_are_counted(place: Any) -> None:
    bad = only(place({"a.txt": "Foo", "a.ann": "oops\nT1\tX 0 3\tFoo\noops\n"}))
    assert (bad.where, bad.found) == ("a.ann:1", "'oops' (and 1 more in this document)")


def test_bad_lines_one_by_one_on_request(place: Any) -> None:
    ann = "oops\nT1\tX 0 3\tFoo\nE1\tX:T9\n"
    rows = list(read(place({"a.txt": "Foo", "a.ann": ann}), bad_lines="line"))
    assert [row.where for row in rows] == ["a.ann:1", "a.ann:3", "a.txt"]
    assert [e["id"] for e in rows[-1].data["entities"]] == ["T1"]
    assert rows[-1].data["events"] == []


def test_a_surface_may_go_on_in_the_next_lines_on_request(place: Any) -> None:
    ann = "T1\tX 0 11\tFoo\nbar\n\nbaz\n\nT2\tX 0 3\tFoo\n"
    files = {"a.txt": "Foo\r\nbar\nbaz", "a.ann": ann}
    data = only(place(files), joined_lines=True).data
    assert [(e["id"], e["text"]) for e in data["entities"]] == [
        ("T1", "Foo\nbar\n\nbaz"),
        ("T2", "Foo"),
    ]
    assert isinstance(only(place(files)), BadRow)


def test_only_a_surface_goes_on_in_the_next_line(place: Any) -> None:
    ann = "T1\tX 0 3\tFoo\nA1\tY T1\noops\n"
    bad = only(place({"a.txt": "Foo", "a.ann": ann}), joined_lines=True)
    assert isinstance(bad, BadRow) and bad.where == "a.ann:3"


def test_a_missing_annotation_file_is_a_fault_unless_it_is_optional(place: Any) -> None:
    members = place({"a.txt": "Foo", "b.txt": "Bar", "b.ann": ""})
    bad, good = read(members)
    assert bad == BadRow("a.txt", "a.ann beside it", "no such file")
    assert good.key == "b"
    without, _ = read(members, optional_ann=True)
    assert without.data == {"id": "a", "text": "Foo"}


def test_a_split_without_any_annotation_is_a_split_without_gold(place: Any) -> None:
    rows = list(read(place({"a.txt": "Foo", "b.txt": "Bar"})))
    assert [row.data for row in rows] == [{"id": "a", "text": "Foo"}, {"id": "b", "text": "Bar"}]


def test_an_annotation_file_without_its_text_is_a_fault(place: Any) -> None:
    assert only(place({"a.ann": ""})) == BadRow("a.ann", "a.txt beside it", "no such file")


def test_annotations_alone_where_the_texts_lie_elsewhere(place: Any) -> None:
    row = only(place({"annotations/7.ann": "T1\tX 0 3\tFoo\n"}), text=False)
    assert (row.where, row.key, row.data["folder"]) == ("annotations/7.ann", "7", "annotations")
    assert "text" not in row.data


def test_equal_stems_in_two_folders_are_two_documents(place: Any) -> None:
    members = place({f"{folder}/1.{end}": "" for folder in "ba" for end in ("txt", "ann")})
    assert [(row.data["folder"], row.key) for row in read(members)] == [("a", "1"), ("b", "1")]


def test_texts_and_annotations_in_sibling_folders(place: Any) -> None:
    members = place({"ann/1.ann": "T1\tX 0 3\tFoo\n", "txt/1.txt": "Foo"})
    row = only(members, same_folder=False)
    assert (row.where, row.data["folder"]) == ("txt/1.txt", "txt")
    assert len(row.data["entities"]) == 1


def test_the_file_of_a_second_annotator(place: Any) -> None:
    members = place({"a.txt": "Foo", "a.ann2": "T1\tX 0 3\tFoo\n"})
    assert len(only(members, suffix=".ann2").data["entities"]) == 1


def test_a_file_of_another_kind_is_named(place: Any) -> None:
    bad, row = read(place({"a.txt": "", "a.ann": "", "annotation.conf": "[entities]"}))
    assert bad == BadRow("annotation.conf", "a file that ends in .txt or .ann", "'annotation.conf'")
    assert isinstance(row, Row)


@pytest.mark.parametrize("name", ["a.txt", "a.ann"])
def test_bytes_of_another_encoding_break_their_document(place: Any, name: str) -> None:
    files: dict[str, str | bytes] = {"a.txt": "", "a.ann": "", name: b"caf\xe9"}
    bad = only(place(files))
    assert (bad.where, bad.wanted) == (name, "text in utf-8")
    assert "byte 3" in bad.found


def test_another_encoding_on_request(place: Any) -> None:
    files = {"a.txt": "头痛".encode("gb18030"), "a.ann": "T1\tX 0 2\t头痛\n".encode("gb18030")}
    data = only(place(files), encoding="gb18030").data
    assert data["text"] == data["entities"][0]["text"] == "头痛"


def test_an_unknown_encoding_is_refused(place: Any) -> None:
    with pytest.raises(InputError, match="utf-9"):
        only(place({"a.txt": "", "a.ann": ""}), encoding="utf-9")


# A surface cannot hold a line feed, and a file in which every line ends in "\r" has another line end.
TEXTS = st.text(
    st.one_of(st.sampled_from(" \n\r\t\u2028\x85é头😀"), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=60,
)


@given(text=TEXTS, data=st.data())
def test_written_mentions_read_back_at_their_offsets(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    offset = st.integers(0, len(text))
    spans = [
        (a, b)
        for a, b in data.draw(st.lists(st.tuples(offset, offset)))
        if a < b and not {"\n", "\r"} & set(text[a:b])
    ]
    folder = Path(tmp_path_factory.mktemp("brat"))
    lines = [f"T{n}\tX {a} {b}\t{text[a:b]}\n" for n, (a, b) in enumerate(spans)]
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_bytes("".join(lines).encode())
    found = only([Member(name, folder / name) for name in ("a.txt", "a.ann")]).data
    assert found["text"] == text
    assert [e["spans"] for e in found["entities"]] == [[[a, b]] for a, b in spans]
    for entity in found["entities"]:
        ((start, end),) = entity["spans"]
        assert found["text"][start:end] == entity["text"]
