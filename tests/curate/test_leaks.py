"""What is protected, how it is known again, and what is no leak."""

from __future__ import annotations

from pathlib import Path

import pytest

from taiyi_corpus.curate.compared import bare_document, documents
from taiyi_corpus.curate.leaks import SHOWN, Leak, find_leaks, suspect
from taiyi_corpus.curate.protect_file import protected_file
from taiyi_corpus.curate.protected import INDEX, Index, Lengths, index_of, item_of, load, save
from taiyi_corpus.errors import InputError
from taiyi_corpus.schema.record import Choice, Record, Turn
from tests.curate.made import answered, record

WORDS = [
    "a",
    "patient",
    "aged",
    "forty",
    "came",
    "in",
    "with",
    "sudden",
    "pain",
    "below",
    "the",
    "left",
    "knee",
    "after",
    "a",
    "long",
    "walk",
    "uphill",
]
CHINESE = "患者四十岁，长途步行上山以后左膝下方突然出现疼痛，休息以后没有好转。"


def index(*records: Record, lengths: Lengths | None = None, name: str = "test") -> Index:
    return index_of([(name, [item_of(found) for found in records])], lengths or Lengths())


def leaks(protected: Index, *records: Record) -> list[Leak]:
    return find_leaks([suspect(found) for found in records], protected)


def reasons(protected: Index, *records: Record) -> list[str | None]:
    found = {leak.row: leak.reason for leak in leaks(protected, *records)}
    return [found.get(row) for row in range(len(records))]


PMID = {"document_ns": "pmid", "document_id": "123"}


# --- documents --------------------------------------------------------------------------------


def test_a_document_is_known_by_its_id() -> None:
    protected = index(record("t", text="One sentence.", **PMID))
    other = {"document_ns": "pmid", "document_id": "124"}
    assert reasons(protected, record(text="Another one.", **PMID), record(text="Another one.", **other)) == [
        "leak_document", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("PMID:123", "pmid:123"), ("pubmed: 123", "pmid:123"), ("pmcid:PMC77", "pmcid:77"), ("pmc:77", "pmcid:77"),
        ("doi:https://doi.org/10.1/AB", "doi:10.1/ab"), ("nct_id:NCT01", "nct:nct01"),
    ],
)  # fmt: skip
def test_names_of_documents_are_compared_bare(name: str, bare: str) -> None:
    assert bare_document(name) == bare


def test_cross_references_count_where_the_data_has_them() -> None:
    both = record(text="x", extra='{"doi": "10.1/AB", "pmcid": "PMC77", "year": 2001}', **PMID)
    assert documents(both) == ["pmid:123", "doi:10.1/ab", "pmcid:77"]
    protected = index(both)
    assert reasons(protected, record(text="y", document_ns="pmcid", document_id="PMC77")) == [
        "leak_document"
    ]
    assert documents(record(text="x", extra='["pmid"]')) == []


# --- whole texts ------------------------------------------------------------------------------


def test_a_short_text_is_known_as_a_whole_but_for_blanks_case_and_marks() -> None:
    protected = index(record("t", text="胃炎能吃西瓜吗？"))
    found = [
        record(text="胃炎 能吃西瓜吗"),
        record(question="胃炎能吃西瓜吗?"),
        record(text="胃炎能吃西瓜吗，谢谢"),
    ]
    assert reasons(protected, *found) == ["leak_text", "leak_text", None]


def test_a_choice_question_is_known_with_its_options() -> None:
    def asked(*options: str) -> Record:
        return record(
            question="Which is right?", choices=[Choice("A", option) for option in options]
        )

    assert reasons(index(asked("one", "two")), asked("one", "two"), asked("one", "three")) == [
        "leak_text",
        None,
    ]


def test_a_pair_is_known_either_way_round() -> None:
    protected = index(record("t", text_a="One.", text_b="Two."))
    pairs = [record(text_a="Two.", text_b="one"), record(text_a="One.", text_b="Three.")]
    assert reasons(protected, *pairs) == ["leak_text", None]


def test_an_answer_is_no_question() -> None:
    assert reasons(index(record("t", text="Aspirin")), answered("1", "What helps?", "Aspirin")) == [
        None
    ]


# --- n-grams ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    ["text", "context", "question", "source", "target", "text_a", "rationale", "answer", "turn"],
)
def test_thirteen_words_in_a_row_are_a_leak_wherever_they_stand(part: str) -> None:
    protected = index(record("t", text=" ".join(WORDS)))

    def made(words: list[str]) -> Record:
        text = f"It was said that {' '.join(words)}, and so on."
        if part == "answer":
            return answered("1", "What was said?", text)
        if part == "turn":
            return record(turns=[Turn("user", "Hello."), Turn("assistant", text)])
        return record(**{part: text})

    assert reasons(protected, made(WORDS[2:15]), made(WORDS[2:14])) == ["leak_ngram", None]


def test_twenty_characters_in_a_row_are_a_leak_in_chinese() -> None:
    protected = index(record("t", text=CHINESE, language="zh"))
    bare = CHINESE.replace("，", "")
    assert reasons(protected, record(text=f"有人说{bare[3:23]}等等"), record(text=f"有人说{bare[3:22]}等等")) == [
        "leak_ngram", None,
    ]  # fmt: skip


def test_lengths_are_those_asked_for() -> None:
    protected = index(record("t", text=" ".join(WORDS)), lengths=Lengths(en=6))
    assert reasons(protected, record(text=f"so {' '.join(WORDS[:6])}"), record(text=f"so {' '.join(WORDS[:5])}")) == [
        "leak_ngram", None,
    ]  # fmt: skip


def test_what_many_protected_texts_say_is_a_common_phrase() -> None:
    said = [record(str(n), text=f"Case {n}. {' '.join(WORDS[:14])}") for n in range(4)]
    suspected = record(text=f"so {' '.join(WORDS[:14])}")
    assert reasons(index(*said, lengths=Lengths(common=4)), suspected) == ["leak_ngram"]
    assert reasons(index(*said, lengths=Lengths(common=3)), suspected) == [None]


# --- what the ledger says ---------------------------------------------------------------------


def test_the_ledger_says_what_was_found_where_and_in_which_sets() -> None:
    texts = [record("t1", text=" ".join(WORDS)), record("t2", text="Else.")]
    protected = index_of(
        [("one", map(item_of, texts)), ("two", map(item_of, texts[:1]))], Lengths()
    )
    (leak,) = leaks(protected, record(text="Today, " + " ".join(WORDS[1:17]) + ", as said."))
    assert leak.sources == ["one", "two"]
    assert leak.detail == f"one, two: toy/train/t1: {' '.join(WORDS[1:17])}"


def test_a_long_text_is_shown_in_part() -> None:
    text = " ".join(WORDS * 10)
    (leak,) = leaks(index(record("t", text=text)), record(text=text))
    assert leak.reason == "leak_text"
    assert leak.matched == f"{text[:SHOWN]} ..."


def test_an_index_on_disk_is_the_same(tmp_path: Path) -> None:
    protected = index(record("t", text=" ".join(WORDS), **PMID), record("u", text=CHINESE))
    save(protected, tmp_path / "index")
    assert (tmp_path / "index" / INDEX).is_file()
    found = [
        record(text="x", **PMID),
        record(text=CHINESE),
        record(text=" ".join(WORDS[:15])),
        record(text="y"),
    ]
    assert leaks(load(str(tmp_path / "index")), *found) == leaks(protected, *found)
    assert [leak.reason for leak in leaks(protected, *found)] == [
        "leak_document",
        "leak_text",
        "leak_ngram",
    ]


def test_the_order_of_protected_things_does_not_matter() -> None:
    texts = [record(str(n), text=" ".join(WORDS)) for n in range(3)]
    found = record(text=" ".join(WORDS))
    assert leaks(index(*texts), found) == leaks(index(*texts[::-1]), found)


# --- files ------------------------------------------------------------------------------------


def test_files_protect_their_texts_and_documents(tmp_path: Path) -> None:
    lines = tmp_path / "own.txt"
    lines.write_text(f"pmid:123\n{' '.join(WORDS)}\n\n", encoding="utf-8")
    rows = tmp_path / "own.jsonl"
    rows.write_text(
        f'{{"pmid": 123, "answer": "yes", "turns": ["{" ".join(WORDS)}"]}}\n', encoding="utf-8"
    )
    whole = tmp_path / "own.json"
    whole.write_text(f"[{rows.read_text('utf-8')}]", encoding="utf-8")
    for path in (lines, rows, whole):
        protected = index_of([("own", protected_file(path))], Lengths())
        found = [record(text="x", **PMID), record(text=" ".join(WORDS)), record(text="yes")]
        assert reasons(protected, *found) == ["leak_document", "leak_text", None]


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("own.csv", b"a,b", "a file of .txt, .jsonl, .json, .parquet"),
        ("own.jsonl", b'{"a": ', "a .jsonl file"),
        ("own.parquet", b"PAR", "a .parquet file"),
        ("own.txt", b"\xff\xfe\xfa", "a .txt file"),
        ("own.txt", b"\n\n", "texts or document ids to protect"),
        ("own.json", None, "a readable file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_was_wanted(
    tmp_path: Path, name: str, content: bytes | None, wanted: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        protected_file(path)
    (fault,) = error.value.faults
    assert (fault.where, fault.wanted) == (str(path), wanted)
