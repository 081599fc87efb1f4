from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.errors import InputError
from taiyi_corpus.readers.conll import read
from taiyi_corpus.readers.row import BadRow

TWO_SENTENCES = (
    "Loss\tO\nof\tO\nBRCA1\tB-Gene\nfunction\tO\n\n"
    "In\tO\nHeLa\tB-CellLine\ncells\tI-CellLine\n"  # no blank line at the end
)
MARKED = (
    "###MEDLINE:95001\n\nIL-2\tB-protein\ngene\tI-protein\n\nIt\tO\nrose\tO\n\n"
    "###MEDLINE:95002\n\nNo\tO\nmention\tO\n\n"
)
PLACED = (
    "### 77\n"
    "Severe\t0\t6\tSevere fever\t|B-ADVERSE\n"
    "fever\t7\t12\t\t|I-ADVERSE\n"
    ".\t12\t13\t\t|O\n"
    "\n"
    "Rash\t15\t19\tRash\t|B-ADVERSE\n"
)


def mentions(row: Any) -> list[tuple[str, list[list[int]], str]]:
    return [(e["type"], e["spans"], e["text"]) for e in row.data["entities"]]


def test_a_sentence_is_a_row_and_its_text_the_tokens_joined_by_one_space(place: Any) -> None:
    first, second = read(place({"a.txt": TWO_SENTENCES}))

    assert (first.where, first.key, first.data["text"]) == (
        "a.txt:1",
        None,
        "Loss of BRCA1 function",
    )
    assert mentions(first) == [("Gene", [[8, 13]], "BRCA1")]
    assert mentions(second) == [("CellLine", [[3, 13]], "HeLa cells")]


def test_sentences_know_the_document_whose_marker_stands_before_them(place: Any) -> None:
    rows = list(read(place({"a.txt": MARKED}), document=r"###MEDLINE:(\d+)"))

    assert [row.key for row in rows] == ["95001_0", "95001_1", "95002_0"]
    assert [row.data["document"] for row in rows] == ["95001", "95001", "95002"]


def test_a_document_is_a_row_with_its_sentences_as_passages(place: Any) -> None:
    first, second = read(place({"a.txt": MARKED}), document=r"###MEDLINE:(\d+)", unit="document")

    assert (first.key, first.data["text"]) == ("95001", "IL-2 gene It rose")
    assert first.data["passages"] == [
        {"type": "sentence", "start": 0, "end": 9},
        {"type": "sentence", "start": 10, "end": 17},
    ]
    assert second.data["entities"] == []


def test_columns_may_give_offsets_and_the_mention_on_its_first_token(place: Any) -> None:
    options: dict[str, Any] = {"start": 1, "end": 2, "surface": 3, "tag_prefix": "|"}
    [row] = read(place({"a.iob": PLACED}), document=r"### (\S+)", unit="document", **options)

    assert row.data["text"] == "Severe fever.  Rash"
    assert mentions(row) == [
        ("ADVERSE", [[0, 12]], "Severe fever"),
        ("ADVERSE", [[15, 19]], "Rash"),
    ]


def test_columns_may_be_parted_by_blanks_and_lines_end_in_crlf(place: Any) -> None:
    text = "aspirin NN O I-INT\r\nand CC O O\r\n"

    [row] = read(place({"a.txt": text}), separator=None, scheme="iob1")

    assert mentions(row) == [("INT", [[0, 7]], "aspirin")]


@pytest.mark.parametrize(
    ("scheme", "tags", "wanted"),
    [
        ("bio", "B-X I-X B-X O", ["a b", "c"]),
        ("bio", "B-X B-Y I-Y O", ["a", "b c"]),
        ("iob1", "I-X I-X B-X O", ["a b", "c"]),
        ("iob1", "I-X I-Y O I-Y", ["a", "b", "d"]),
        ("iobes", "B-X I-X E-X S-Y", ["a b c", "d"]),
    ],
)
def test_schemes(place: Any, scheme: Any, tags: str, wanted: list[str]) -> None:
    lines = [f"{token}\t{tag}\n" for token, tag in zip("abcd", tags.split(), strict=True)]

    [row] = read(place({"a.txt": "".join(lines)}), scheme=scheme)

    assert [text for _, _, text in mentions(row)] == wanted


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("bio", "I-X O"),  # goes on with nothing
        ("bio", "B-X I-Y"),  # goes on with another type
        ("bio", "S-X O"),  # a letter of another scheme
        ("bio", "B- O"),  # no type
        ("iobes", "B-X O"),  # never ends
        ("iobes", "B-X B-X"),  # another opens before it ends
    ],
)
def test_a_tag_that_breaks_the_scheme_breaks_its_sentence_only(
    place: Any, scheme: Any, tags: str
) -> None:
    first, second = tags.split()
    text = f"a\t{first}\nb\t{second}\n\nc\tO\n"

    bad, good = read(place({"a.txt": text}), scheme=scheme)

    assert isinstance(bad, BadRow) and bad.where == "a.txt:1" and "scheme" in bad.wanted
    assert good.data["text"] == "c"


def test_a_mention_ends_with_its_sentence(place: Any) -> None:
    text = "### 1\na\tB-X\n\nb\tI-X\n"

    [row] = read(place({"a.txt": text}), document="### (.+)", unit="document", scheme="iob1")

    assert [text for _, _, text in mentions(row)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("fever\t7\t13\t\t|O", "offsets 5 characters apart"),
        ("fever\t3\t8\t\t|O", "an offset of 6 or a little more"),
        ("fever\tx\t8\t\t|O", "offsets of the token"),
        ("fever\t7\t12\t\tO", "a token and a tag that starts with '|'"),
        ("fever\t7\t12", "at least 4 columns"),
    ],
)
def test_a_broken_line_breaks_its_sentence(place: Any, line: str, wanted: str) -> None:
    text = f"Severe\t0\t6\t\t|O\n{line}\n"

    [bad] = read(place({"a.txt": text}), start=1, end=2, surface=3, tag_prefix="|")

    assert isinstance(bad, BadRow) and (bad.where, bad.wanted) == ("a.txt:2", wanted)


@pytest.mark.parametrize("options", [{"start": 1}, {"unit": "document"}, {"document": "("}])
def test_options_that_do_not_go_together_are_the_users_fault(
    place: Any, options: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        list(read(place({"a.txt": TWO_SENTENCES}), **options))
