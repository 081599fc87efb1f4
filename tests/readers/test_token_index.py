from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.readers.token_index import read
from taiyi_corpus.sources.member import Member

TOKENS = (
    "@@11 The/TAG ABC-1/TAG gene/TAG and/or/TAG 1/.5/TAG is/TAG up/TAG ./.\n"
    "@@12 No/TAG gene/TAG ?/TAG\n"
    "@@13 Foo/TAG bar/TAG ./.\n"
)
GOLD = "@@13|0 1|foo\n@@11|1 1|ABC-1\n@@11|4 4|1/.5\n"
ALTERNATIVES = "@@11|1 2|ABC-1 gene\n"


def corpus(
    place: Any, tokens: str = TOKENS, gold: str = GOLD, alternatives: str = ALTERNATIVES
) -> list[Member]:
    names = ("TOKENIZED_CORPUS", "Gold.format", "Correct.Data")
    files = dict(zip(names, (tokens, gold, alternatives), strict=True))
    return list(place({f"train/{name}": text for name, text in files.items()}))


def test_positions_count_tokens_from_zero_the_last_inclusive(place: Any) -> None:
    first = next(iter(read(corpus(place))))
    assert first == Row(
        "train/TOKENIZED_CORPUS:1",
        "11",
        {
            "id": "11",
            "text": "The ABC-1 gene and/or 1/.5 is up .",
            "entities": [
                {"id": "T0", "type": "NEWGENE", "spans": [[4, 9]], "text": "ABC-1"},
                {"id": "T1", "type": "NEWGENE", "spans": [[22, 26]], "text": "1/.5"},
            ],
            "alternatives": [
                {"id": "A0", "type": "NEWGENE", "spans": [[4, 14]], "text": "ABC-1 gene"}
            ],
        },
    )


def test_sentences_come_in_the_order_of_the_tokens_file(place: Any) -> None:
    assert [row.key for row in read(corpus(place))] == ["11", "12", "13"]


def test_a_sentence_without_a_gold_line_has_no_mention(place: Any) -> None:
    data = list(read(corpus(place)))[1].data
    assert (data["text"], data["entities"], data["alternatives"]) == ("No gene ?", [], [])


def test_the_text_of_a_mention_stays_as_its_line_says(place: Any) -> None:
    data = list(read(corpus(place)))[2].data
    assert data["text"] == "Foo bar ."
    assert data["entities"] == [{"id": "T0", "type": "NEWGENE", "spans": [[0, 7]], "text": "foo"}]


def test_without_gold_or_alternatives_files_their_parts_are_absent(place: Any) -> None:
    row = next(iter(read(place({"TOKENIZED_CORPUS": TOKENS}))))
    assert set(row.data) == {"id", "text"}


def test_names_and_type_are_options(place: Any) -> None:
    members = place({"s.txt": "@@1 A/TAG ./.", "g.txt": "@@1|0 0|A"})
    (row,) = read(members, tokens="s.txt", gold="g.txt", alternatives="none", type="Gene")
    assert row.data["entities"][0]["type"] == "Gene"


def test_folders_are_read_in_the_order_of_their_paths(place: Any) -> None:
    files = {f"{f}/TOKENIZED_CORPUS": f"@@{n} A/TAG" for n, f in enumerate(["b", "a"])}
    assert [row.key for row in read(place(files))] == ["1", "0"]


@pytest.mark.parametrize(
    ("gold", "where", "wanted"),
    [
        ("@@13|11 11OCT-1\n", "Gold.format:1", "@@id|first last|mention"),  # one separator lost
        ("@@13|0 0|Foo@@11|1 1|ABC-1\n", "Gold.format:1", "@@id|first last|mention"),  # glued
        ("@@13|0 3|Foo\n", "Gold.format:1", "token positions within 0 to 2"),
        ("@@13|1 0|Foo\n", "Gold.format:1", "token positions within 0 to 2"),
    ],
)
def test_a_broken_line_breaks_its_sentence_and_no_other(
    place: Any, gold: str, where: str, wanted: str
) -> None:
    rows = list(read(corpus(place, gold=gold)))
    assert [row.key for row in rows[:2] if isinstance(row, Row)] == ["11", "12"]
    assert isinstance(rows[2], BadRow) and len(rows) == 3
    assert rows[2].where == f"train/{where}" and rows[2].wanted.startswith(wanted)


def test_a_broken_alternative_breaks_its_sentence_too(place: Any) -> None:
    rows = list(read(corpus(place, alternatives="@@12|0|No\n")))
    assert [type(row) for row in rows] == [Row, BadRow, Row]


def test_bad_lines_one_by_one_on_request(place: Any) -> None:
    gold = "@@11|1 1|ABC-1\n@@11|9 9|x\n"
    rows = list(read(corpus(place, gold=gold), bad_lines="line"))
    assert [type(row) for row in rows] == [BadRow, Row, Row, Row]
    assert [e["text"] for e in rows[1].data["entities"]] == ["ABC-1"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "line", ["@@14|0 0|A", "14|0 0|A", "@@14|0"], ids=["unknown", "no mark", "unknown and broken"]
)
def test_a_line_that_belongs_to_no_sentence_is_named(place: Any, line: str) -> None:
    rows = list(read(corpus(place, gold=f"{GOLD}{line}\n")))
    (bad,) = (row for row in rows if isinstance(row, BadRow))
    assert bad.where == "train/Gold.format:4"
    assert len(rows) == 4


@pytest.mark.parametrize(
    "line",
    [
        "@@14 A/TAG b c/TAG",
        "@@14 A/. b/TAG",  # only the last token may lack its tag
        "@@14",
        "@@ A/TAG",
        "14 A/TAG",
    ],
)
def test_a_broken_sentence_is_named(place: Any, line: str) -> None:
    rows = list(read(corpus(place, tokens=f"{TOKENS}{line}\n")))
    assert [type(row) for row in rows] == [Row, Row, Row, BadRow]
    assert rows[3].where == "train/TOKENIZED_CORPUS:4"


def test_a_sentence_id_that_repeats_is_named(place: Any) -> None:
    rows = list(read(corpus(place, tokens=f"{TOKENS}@@11 A/TAG\n")))
    assert rows[3] == BadRow(
        "train/TOKENIZED_CORPUS:4", "a sentence id that does not repeat", "'@@11'"
    )


def test_bytes_of_another_encoding_are_named(place: Any) -> None:
    members = place({"TOKENIZED_CORPUS": b"@@1 caf\xe9/TAG\n@@2 A/TAG\n"})
    bad, good = read(members)
    assert isinstance(bad, BadRow) and bad.where == "TOKENIZED_CORPUS:1"
    assert isinstance(good, Row) and good.key == "2"


def test_a_folder_without_its_tokens_is_refused(place: Any) -> None:
    with pytest.raises(SourceError, match=r"wanted a file TOKENIZED_CORPUS, found Gold\.format"):
        list(read(place({"train/Gold.format": GOLD})))


def test_a_file_of_another_name_is_named(place: Any) -> None:
    bad, *_ = read([*corpus(place), *place({"train/README": ""})])
    assert isinstance(bad, BadRow) and bad.where == "train/README"
