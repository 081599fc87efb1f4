from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyi_corpus.errors import InputError, SourceError
from taiyi_corpus.readers.pubtator import read
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

GOOD = (
    "\n"
    "11|t|Foomycin induced bar failure.\n"
    "11|a|We report bar and baz failure.\n"
    "11\t0\t8\tFoomycin\tChemical\tD000001\n"
    "11\t40\t59\tbar and baz failure\tDisease\tD000002|D000003\tbar failure|baz failure\n"
    "11\tCID\tD000001\tD000002\n"
    "\n"
    "12|t|Nothing here.\n"
    "12|a|Nor here.\n"
    "\n"
)


def test_a_document_has_text_passages_mentions_and_relations_between_concepts(place: Any) -> None:
    first, second = read(place({"a.txt": GOOD}))
    assert first == Row(
        "a.txt:2",
        "11",
        {
            "id": "11",
            "text": "Foomycin induced bar failure. We report bar and baz failure.",
            "passages": [
                {"type": "title", "start": 0, "end": 29},
                {"type": "abstract", "start": 30, "end": 60},
            ],
            "entities": [
                {
                    "id": "T0",
                    "type": "Chemical",
                    "spans": [[0, 8]],
                    "text": "Foomycin",
                    "ids": "D000001",
                },
                {
                    "id": "T1",
                    "type": "Disease",
                    "spans": [[40, 59]],
                    "text": "bar and baz failure",
                    "ids": "D000002|D000003",
                    "parts": ["bar failure", "baz failure"],
                },
            ],
            "relations": [
                {
                    "id": "R0",
                    "type": "CID",
                    "args": [
                        {"role": "Arg1", "concept": "D000001"},
                        {"role": "Arg2", "concept": "D000002"},
                    ],
                }
            ],
        },
    )
    assert (second.key, second.data["entities"], second.data["relations"]) == ("12", [], [])


def only(members: list[Member], **options: Any) -> Any:
    (row,) = read(members, **options)
    return row


def test_a_document_also_ends_where_the_next_title_stands(place: Any) -> None:
    text = "1|t|A b.\n1|a|C d.\n1\t0\t1\tA\tX\n2|t|E f.\n2|a|G h."
    assert [row.key for row in read(place({"a.txt": text}))] == ["1", "2"]


def test_line_ends_of_windows_are_no_part_of_text_or_ids(place: Any) -> None:
    data = only(place({"a.txt": "1|t|A.\r\n1|a|B.\r\n1\t0\t1\tA\tX\t9\r\n\r\n"})).data
    assert (data["text"], data["entities"][0]["ids"]) == ("A. B.", "9")


def test_bars_and_odd_line_separators_belong_to_the_text(place: Any) -> None:
    data = only(place({"a.txt": "1|t|A|a|b\u2028c\rd.\n1|a|e|f\x85g.\n"})).data
    assert data["text"] == "A|a|b\u2028c\rd. e|f\x85g."


def test_ids_and_types_are_kept_as_written(place: Any) -> None:
    text = (
        "1|t|p.A1B seen\n1|a|.\n"
        "1\t0\t5\tp.A1B\tT116,T123\tp|SUB|A|1|B;RS#:9\n"
        "1\t6\t10\tseen\tX\t -1 \n"
    )
    entities = only(place({"a.txt": text})).data["entities"]
    assert [(e["type"], e["ids"]) for e in entities] == [
        ("T116,T123", "p|SUB|A|1|B;RS#:9"),
        ("X", " -1 "),
    ]


def test_a_mention_that_does_not_fit_its_offsets_is_not_moved(place: Any) -> None:
    entity = only(place({"a.txt": "1|t|Foo bar\n1|a|.\n1\t1\t4\tFoo \tX\n"})).data["entities"][0]
    assert (entity["spans"], entity["text"]) == ([[1, 4]], "Foo ")


def test_more_columns_of_a_relation_and_numeric_concepts_are_kept(place: Any) -> None:
    text = "1|t|A\n1|a|B\n1\tAssociation\t1111\t2222\tNovel\n"
    (relation,) = only(place({"a.txt": text})).data["relations"]
    assert relation["cols"] == ["Novel"]
    assert [arg["concept"] for arg in relation["args"]] == ["1111", "2222"]


def test_a_title_without_abstract_is_the_whole_text(place: Any) -> None:
    data = only(place({"a.txt": "1|t|A b\n1|a|\n"})).data
    assert (data["text"], [p["type"] for p in data["passages"]]) == ("A b", ["title"])


def test_the_joiner_counts_in_offsets(place: Any) -> None:
    data = only(place({"a.txt": "1|t|A\n1|a|B\n1\t3\t4\tB\tX\n"}), joiner="\n\n").data
    assert data["text"][3:4] == "B"
    assert data["passages"][1] == {"type": "abstract", "start": 3, "end": 4}


def test_a_document_that_stands_twice_is_read_twice(place: Any) -> None:
    assert [row.key for row in read(place({"a.txt": "1|t|A\n1|a|B\n\n" * 2}))] == ["1", "1"]


def test_a_byte_order_mark_is_no_part_of_the_first_id(place: Any) -> None:
    assert only(place({"a.txt": b"\xef\xbb\xbf1|t|A\n1|a|B\n"})).key == "1"


HEAD = "1|t|Foo bar\n1|a|baz\n1\t0\t3\tFoo\tX\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("1\t0\t3\tFoo", "pmid, start, end, mention, type"),  # a column is missing
        ("1\t0\t3\tFoo\t\t9", "pmid, start, end, mention, type"),  # an empty type
        ("1\t0\t3a\tFoo\tX", "pmid, start, end, mention, type"),
        ("1\t-1\t3\tFoo\tX", "pmid, start, end, mention, type"),
        ("1\tX\t9", "pmid, type, id, id"),
        ("2\t0\t3\tFoo\tX", "PMID 1"),
        ("loose words", "PMID 1"),
    ],
)
def test_a_broken_line_breaks_its_document_and_no_other(place: Any, line: str, wanted: str) -> None:
    rows = list(read(place({"a.txt": f"{HEAD}{line}\n\n2|t|A\n2|a|B\n"})))
    assert isinstance(rows[0], BadRow) and rows[0].where == "a.txt:4"
    assert rows[0].wanted.startswith(wanted)
    assert [row.key for row in rows[1:] if isinstance(row, Row)] == ["2"]


def test_bad_lines_one_by_one_on_request(place: Any) -> None:
    bad, row = read(place({"a.txt": f"{HEAD}1\tX\t9\n"}), bad_lines="line")
    assert isinstance(bad, BadRow) and isinstance(row, Row)
    assert len(row.data["entities"]) == 1


def test_mentions_behind_the_blank_line_are_not_lost_in_silence(place: Any) -> None:
    bad = only(place({"a.txt": f"{HEAD}\n1\t4\t7\tbar\tX\n"}))
    assert bad == BadRow("a.txt:5", "a title line after the blank line", r"'1\t4\t7\tbar\tX'")


@pytest.mark.parametrize("second", ["2|a|baz\n", "1\t0\t3\tFoo\tX\n", ""])
def test_a_title_needs_its_abstract(place: Any, second: str) -> None:
    bad = only(place({"a.txt": f"1|t|Foo bar\n{second}"}))
    assert isinstance(bad, BadRow) and bad.wanted.startswith("an abstract line")


def test_bytes_of_another_encoding_break_their_document(place: Any) -> None:
    bad, good = read(place({"a.txt": b"1|t|Caf\xe9\n1|a|B\n\n2|t|A\n2|a|B\n"}))
    assert isinstance(bad, BadRow) and (bad.where, bad.wanted) == ("a.txt:1", "text in utf-8")
    assert good.key == "2"


def test_a_file_of_another_format_is_refused(place: Any) -> None:
    with pytest.raises(SourceError, match=r"a\.txt:1: wanted a title line"):
        only(place({"a.txt": "pmid,text\n"}))


def test_an_unknown_encoding_is_refused(place: Any) -> None:
    with pytest.raises(InputError, match="utf-9"):
        only(place({"a.txt": GOOD}), encoding="utf-9")


def test_files_are_read_in_the_order_of_their_paths(place: Any) -> None:
    members = place({"b.txt": "2|t|A\n2|a|B\n", "a.txt": "1|t|A\n1|a|B\n"})
    assert [row.key for row in read(members)] == ["1", "2"]


LINE = st.text(
    st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), min_size=1, max_size=40
)


@given(title=LINE, abstract=LINE, data=st.data())
def test_written_mentions_read_back_at_their_offsets(
    tmp_path_factory: pytest.TempPathFactory, title: str, abstract: str, data: st.DataObject
) -> None:
    text = f"{title} {abstract}"
    offset = st.integers(0, len(text) - 1)
    spans = [
        (a, b) for a, b in data.draw(st.lists(st.tuples(offset, offset))) if "\t" not in text[a:b]
    ]
    lines = [f"7|t|{title}", f"7|a|{abstract}"]
    lines += [f"7\t{a}\t{b}\t{text[a:b]}\tX" for a, b in spans]
    file = Path(tmp_path_factory.mktemp("pubtator"), "a.txt")
    file.write_bytes("\n".join(lines).encode())
    read_back = only([Member("a.txt", file)]).data
    assert read_back["text"] == text
    assert [e["spans"] for e in read_back["entities"]] == [[[a, b]] for a, b in spans]
    for entity in read_back["entities"]:
        ((start, end),) = entity["spans"]
        assert read_back["text"][start:end] == entity["text"]


def test_of_documents_that_are_not_wanted_nothing_is_read(place: Any) -> None:
    broken = GOOD.replace("11|a|We report bar and baz failure.\n", "")
    (row,) = read(place({"a.txt": broken}), {"12"}.__contains__)
    assert (row.where, row.key) == ("a.txt:7", "12")
    (fault,) = read(place({"a.txt": broken}), {"11"}.__contains__)
    assert isinstance(fault, BadRow)
