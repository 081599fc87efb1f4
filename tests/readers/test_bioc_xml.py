from __future__ import annotations

from typing import Any

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers.bioc_xml import _documents, read
from taiyi_corpus.readers.row import BadRow, Row
from taiyi_corpus.sources.member import Member

HEAD = "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE collection SYSTEM 'BioC.dtd'>\n"
TITLE = (
    "<passage><infon key='type'>title</infon><offset>0</offset>"
    "<text>Foomycin induced bar failure.</text>"
    "<annotation id='0'><infon key='type'>Chemical</infon><infon key='MESH'>D000001</infon>"
    "<location offset='0' length='8'/><text>Foomycin</text></annotation></passage>\n"
)
ABSTRACT = (
    "<passage><infon key='type'>abstract</infon><infon key='section'>S1</infon><offset>30</offset>"
    "<text>Bar and baz failure.</text>"
    "<annotation id='1'><infon key='type'>Disease</infon>"
    "<location offset='30' length='3'/><location offset='42' length='7'/>"
    "<text>Bar failure</text></annotation></passage>\n"
)
RELATION = (
    "<relation id='R0'><infon key='relation'>CID</infon><infon key='Chemical'>D000001</infon>"
    "<node refid='0' role='head'/><node refid='1' role='tail'/></relation>\n"
)


def collection(*documents: str, head: str = HEAD) -> str:
    return f"{head}<collection><source>Foo</source><date/><key/>{''.join(documents)}</collection>"


def document(*parts: str, id: str = "11") -> str:
    return f"<document><id>{id}</id>{''.join(parts)}</document>"


def passage(offset: object, text: str, *inside: str) -> str:
    return (
        f"<passage><infon key='type'>p</infon><offset>{offset}</offset>"
        f"<text>{text}</text>{''.join(inside)}</passage>"
    )


def mention(offset: object, length: object, text: str, id: str = "0") -> str:
    return (
        f"<annotation id='{id}'><infon key='type'>X</infon>"
        f"<location offset='{offset}' length='{length}'/><text>{text}</text></annotation>"
    )


def only(members: list[Member], **options: Any) -> Any:
    (row,) = read(members, **options)
    return row


def test_a_document_has_text_passages_entities_and_relations(place: Any) -> None:
    year = "<infon key='year'>2020</infon>"
    row = only(place({"a.xml": collection(document(year, TITLE, ABSTRACT, RELATION))}))
    assert row == Row(
        "a.xml#1",
        "11",
        {
            "id": "11",
            "text": "Foomycin induced bar failure. Bar and baz failure.",
            "passages": [
                {"type": "title", "start": 0, "end": 29},
                {
                    "type": "abstract",
                    "start": 30,
                    "end": 50,
                    "infons": {"type": "abstract", "section": "S1"},
                },
            ],
            "entities": [
                {
                    "id": "0",
                    "type": "Chemical",
                    "infons": {"type": "Chemical", "MESH": "D000001"},
                    "spans": [[0, 8]],
                    "text": "Foomycin",
                },
                {
                    "id": "1",
                    "type": "Disease",
                    "infons": {"type": "Disease"},
                    "spans": [[30, 33], [42, 49]],
                    "text": "Bar failure",
                },
            ],
            "relations": [
                {
                    "id": "R0",
                    "type": "CID",
                    "infons": {"relation": "CID", "Chemical": "D000001"},
                    "args": [{"role": "head", "ref": "0"}, {"role": "tail", "ref": "1"}],
                }
            ],
            "infons": {"year": "2020"},
        },
    )


def test_every_document_of_every_file_in_the_order_of_paths(place: Any) -> None:
    files = {
        "b.xml": collection(document(TITLE, id="3")),
        "a.xml": collection(document(TITLE, id="1"), document(TITLE, id="2")),
    }
    assert [(row.where, row.key) for row in read(place(files))] == [
        ("a.xml#1", "1"),
        ("a.xml#2", "2"),
        ("b.xml#1", "3"),
    ]


def test_gaps_between_passages_are_filled_so_that_offsets_hold(place: Any) -> None:
    text = collection(document(passage(2, "ab"), passage(7, "cd", mention(7, 2, "cd"))))
    data = only(place({"a.xml": text})).data
    assert data["text"] == "  ab   cd"
    assert data["text"][7:9] == data["entities"][0]["text"]


def test_sentences_make_the_text_of_their_passage(place: Any) -> None:
    sentences = "".join(
        f"<sentence><offset>{at}</offset><text>{text}</text>{mention(at, 3, text[:3], str(at))}"
        "</sentence>"
        for at, text in ((5, "One."), (10, "Two."))
    )
    text = collection(document(f"<passage><offset>5</offset>{sentences}</passage>"))
    data = only(place({"a.xml": text})).data
    assert data["text"] == "     One. Two."
    assert data["passages"] == [{"type": "passage", "start": 5, "end": 14}]
    assert [e["spans"] for e in data["entities"]] == [[[5, 8]], [[10, 13]]]


def test_index_terms_without_place_or_text_stay_unpositioned(place: Any) -> None:
    term = "<annotation id='9'><infon key='type'>Index</infon></annotation>"
    text = collection(document(f"<passage><offset>0</offset>{term}</passage>", TITLE))
    data = only(place({"a.xml": text})).data
    assert data["entities"][0] == {"id": "9", "type": "Index", "infons": {"type": "Index"}}
    assert len(data["passages"]) == 1


def test_a_mention_that_does_not_fit_its_offsets_is_not_moved(place: Any) -> None:
    text = collection(document(passage(0, "Foo bar", mention(1, 3, "Foo"))))
    entity = only(place({"a.xml": text})).data["entities"][0]
    assert (entity["spans"], entity["text"]) == ([[1, 4]], "Foo")


def test_comments_do_not_cut_a_text_and_escapes_are_read(place: Any) -> None:
    text = collection(document(passage(0, "a &lt; <!-- no --><![CDATA[b & c]]>")))
    assert only(place({"a.xml": text})).data["text"] == "a < b & c"


def test_offsets_count_code_points(place: Any) -> None:
    text = collection(document(passage(0, "α😀 beta", mention(3, 4, "beta")), passage(8, "x")))
    data = only(place({"a.xml": text})).data
    assert data["text"][3:7] == "beta"


@pytest.mark.parametrize(
    ("parts", "wanted", "found"),
    [
        ((passage(0, "abc"), passage(2, "d")), "a passage or sentence at 3", "offset 2"),
        ((passage(0, "abc"), passage(9**9, "d")), "a passage or sentence at 3", "offset 387420489"),
        ((passage("x", "abc"),), "the offset of a passage", "'x'"),
        ((passage(0, "abc", mention("", 1, "a")),), "a location with offset and length", "offset="),
        ((passage(0, "abc", mention(0, -1, "a")),), "a location with offset and length", "-1"),
        (
            # Greek letters are two bytes each: the mention and the second passage count them so.
            (passage(0, "αβγ foo", mention(7, 3, "foo")), passage(11, "bar")),
            "offsets that count characters",
            "bytes of UTF-8",
        ),
        ((passage(0, "a&nbsp;b"),), "text without entity references", "document 11"),
        (
            ("<infon key='a'>1</infon><infon key='a'>2</infon>", passage(0, "a")),
            "infon keys that do not repeat",
            "'a'",
        ),
        ((TITLE, "<relation id='R'><node role='x'/></relation>"), "a relation's node", "none"),
    ],
)
def test_a_broken_document_is_named_and_reading_goes_on(
    place: Any, parts: tuple[str, ...], wanted: str, found: str
) -> None:
    text = collection(document(*parts), document(TITLE, id="12"))
    bad, good = read(place({"a.xml": text}))
    assert isinstance(bad, BadRow) and bad.where == "a.xml#1"
    assert bad.wanted.startswith(wanted) and found in bad.found
    assert good.key == "12"


def test_a_document_without_an_id_is_broken(place: Any) -> None:
    bad = only(place({"a.xml": collection(document(TITLE, id=""))}))
    assert bad == BadRow("a.xml#1", "a document with an id", "none")


def test_passages_joined_take_their_mentions_along(place: Any) -> None:
    parts = (
        passage(10, "Foo bar", mention(14, 3, "bar", "0")),
        passage(12, "Baz", mention(12, 3, "Baz", "1")),
    )
    members = place({"a.xml": collection(document(*parts))})
    assert isinstance(only(members), BadRow)
    data = only(members, layout="joined").data
    assert data["text"] == "Foo bar Baz"
    assert [e["spans"] for e in data["entities"]] == [[[4, 7]], [[8, 11]]]
    assert [(p["start"], p["end"]) for p in data["passages"]] == [(0, 7), (8, 11)]


def test_a_located_annotation_outside_all_passages_cannot_be_moved(place: Any) -> None:
    text = collection(document(TITLE, mention(0, 8, "Foomycin", "7")))
    members = place({"a.xml": text})
    assert [e["id"] for e in only(members).data["entities"]] == ["0", "7"]
    assert isinstance(only(members, layout="joined"), BadRow)


def test_ids_stay_as_they_are_unless_renumbered(place: Any) -> None:
    parts = (
        passage(0, "Foo", mention(0, 3, "Foo", "1")),
        passage(4, "Bar", mention(4, 3, "Bar", "1"), mention(4, 3, "Bar", "2")),
        "<relation id='1'><node refid='2' role='x'/></relation>",
    )
    members = place({"a.xml": collection(document(*parts))})
    assert [e["id"] for e in only(members).data["entities"]] == ["1", "1", "2"]
    data = only(members, renumber=True).data
    assert [e["id"] for e in data["entities"]] == ["T0", "T1", "T2"]
    assert data["relations"][0]["id"] == "R0"
    assert data["relations"][0]["args"] == [{"role": "x", "ref": "T2"}]


def test_renumbering_cannot_resolve_a_ref_to_an_id_that_stands_twice(place: Any) -> None:
    twice = passage(0, "Foo", mention(0, 3, "Foo", "1"), mention(0, 3, "Foo", "1"))
    relation = "<relation id='r'><node refid='1' role='x'/></relation>"
    bad = only(place({"a.xml": collection(document(twice, relation))}), renumber=True)
    assert (bad.wanted, bad.found) == ("one annotation with id 1", "2 of them")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<collection><document>",
        collection(document(TITLE)).removesuffix("</collection>"),
    ],
)
def test_a_file_that_is_not_well_formed_is_refused(place: Any, text: str) -> None:
    with pytest.raises(SourceError, match="wanted well-formed XML"):
        list(read(place({"a.xml": text})))


def test_another_xml_is_refused(place: Any) -> None:
    with pytest.raises(SourceError, match="wanted BioC, a collection element, found html"):
        list(read(place({"a.xml": "<html/>"})))


@pytest.mark.parametrize(
    "declaration",
    [
        "<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>",
        "<!ENTITY a SYSTEM 'secret.txt'>",
        "<!ENTITY % a SYSTEM 'secret.dtd'>",
    ],
)
def test_a_file_that_declares_entities_is_refused(place: Any, declaration: str) -> None:
    head = f"<!DOCTYPE collection [{declaration}]>"
    text = collection(document(passage(0, "&a;")), head=head)
    with pytest.raises(SourceError, match="entity"):
        list(read(place({"a.xml": text, "secret.txt": "secret", "secret.dtd": ""})))


def test_documents_are_freed_when_the_next_is_asked_for(place: Any) -> None:
    (member,) = place({"a.xml": collection(*(document(TITLE, id=str(n)) for n in range(50)))})
    with member.open() as stream:
        before = [element.getprevious() for element in _documents(stream, member.path)]
    assert len(before) == 50
    assert {element.tag for element in before if element is not None} == {"key"}
