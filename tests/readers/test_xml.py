"""XML by path."""

from pathlib import Path

import pytest

from taiyi_corpus.errors import SourceError
from taiyi_corpus.readers import BadRow, Row
from taiyi_corpus.readers.xml import _elements, _Names, read
from tests.readers.members import data, make_member

CORPUS = """<?xml version="1.0" encoding="UTF-8"?>
<corpus source="made up">
  <document id="d1" year="2020">
    <sentence id="s1" text="Aspirin works.">
      <entity id="e1" type="drug">Aspirin</entity>
      <note>checked</note>
    </sentence>
  </document>
  <document id="d2">
    <sentence id="s2" text="It rains."/>
  </document>
</corpus>
"""
S1 = {
    "@id": "s1",
    "@text": "Aspirin works.",
    "entity": [{"@id": "e1", "@type": "drug", "#text": "Aspirin"}],
    "note": ["checked"],
}
S2 = {"@id": "s2", "@text": "It rains."}


def test_each_element_of_the_name_is_a_row(tmp_path: Path) -> None:
    assert list(read([make_member(tmp_path, CORPUS)], record="sentence")) == [
        Row("a.txt:4#0", None, S1),
        Row("a.txt:10#1", None, S2),
    ]


def test_a_file_of_one_line_reads_alike(tmp_path: Path) -> None:
    member = make_member(tmp_path, CORPUS.replace("\n", ""))
    rows = list(read([member], record="sentence"))
    assert rows == [Row("a.txt:1#0", None, S1), Row("a.txt:1#1", None, S2)]


def test_the_record_may_be_named_by_the_end_of_its_path(tmp_path: Path) -> None:
    member = make_member(tmp_path, "<c><a><x>1</x></a><b><x>2</x></b></c>")
    assert data(read([member], record="b/x")) == [{"#text": "2"}]
    assert data(read([member], record="/c/a/x")) == [{"#text": "1"}]


def test_a_record_inside_a_record_belongs_to_the_outer_one(tmp_path: Path) -> None:
    member = make_member(tmp_path, '<c><x n="1"><x n="2"/></x><x n="3"/></c>')
    assert data(read([member], record="x")) == [{"@n": "1", "x": [{"@n": "2"}]}, {"@n": "3"}]


def test_a_tag_may_be_single(tmp_path: Path) -> None:
    member = make_member(tmp_path, "<c><x><n>1</n><m>2</m></x><x><n>1</n><n>2</n></x></c>")
    assert list(read([member], record="x", single=["n"])) == [
        Row("a.txt:1#0", None, {"n": "1", "m": ["2"]}),
        BadRow("a.txt:1#1", "one <n>", "a second one"),
    ]


def test_the_attributes_of_what_lies_around_may_be_had(tmp_path: Path) -> None:
    member = make_member(tmp_path, CORPUS)
    first, second = data(read([member], record="sentence", parents=["document", "corpus"]))
    assert first["_parents"] == {
        "document": {"@id": "d1", "@year": "2020"},
        "corpus": {"@source": "made up"},
    }
    assert second["_parents"] == {"document": {"@id": "d2"}, "corpus": {"@source": "made up"}}


def test_mixed_text_is_read_whole(tmp_path: Path) -> None:
    member = make_member(tmp_path, "<c><x>The <i>abl</i> gene<!-- sic -->s &lt; &#945;</x></c>")
    assert data(read([member], record="x")) == [{"i": ["abl"], "#text": "The abl genes < α"}]


def test_white_space_between_children_is_no_text(tmp_path: Path) -> None:
    member = make_member(tmp_path, "<c><x>\n <i> a </i>\n <i/>\n</x></c>")
    assert data(read([member], record="x")) == [{"i": [" a ", ""]}]


NAMED = '<c xmlns="urn:a" xmlns:b="urn:b"><x b:n="1"><b:y>2</b:y></x></c>'


def test_name_spaces_are_left_out_or_kept(tmp_path: Path) -> None:
    member = make_member(tmp_path, NAMED)
    assert data(read([member], record="x")) == [{"@n": "1", "y": ["2"]}]
    # A tag that holds slashes cannot be a path; the name spaces of corpora that need this are plain.
    assert data(read([member], record="{urn:a}x", namespaces=True)) == [
        {"@{urn:b}n": "1", "{urn:b}y": ["2"]}
    ]


def test_the_declared_encoding_holds(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="GBK"?><c><x>咳嗽</x></c>'.encode("gbk")
    assert data(read([make_member(tmp_path, content)], record="x")) == [{"#text": "咳嗽"}]


def test_a_dtd_that_is_named_is_not_fetched(tmp_path: Path) -> None:
    content = '<!DOCTYPE c SYSTEM "http://example.org/c.dtd"><c><x>1</x></c>'
    assert data(read([make_member(tmp_path, content)], record="x")) == [{"#text": "1"}]


def bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE c [<!ENTITY l0 "lol">{levels}]><c><x>&l9;</x></c>'


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        bomb().replace("<x>&l9;", '<x a="&l9;">'),
        '<!DOCTYPE c [<!ENTITY e "harmless">]><c><x>&e;</x></c>',
        '<!DOCTYPE c [<!ENTITY % p SYSTEM "other.dtd"> %p;]><c><x>1</x></c>',
        '<!DOCTYPE c SYSTEM "c.dtd"><c><x>&unknown;</x></c>',
        '<!DOCTYPE c SYSTEM "c.dtd"><c><x a="&unknown;"/></c>',
        "<c><x>&unknown;</x></c>",
    ],
)
def test_no_entity_is_expanded_or_lost(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError):
        list(read([make_member(tmp_path, content)], record="x"))


def test_no_other_file_is_read(tmp_path: Path) -> None:
    secret = make_member(tmp_path, "secret", "secret.txt").file
    content = f'<!DOCTYPE c [<!ENTITY e SYSTEM "{secret.as_uri()}">]><c><x>&e;</x></c>'
    with pytest.raises(SourceError, match="XML that declares no entities"):
        list(read([make_member(tmp_path, content)], record="x"))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("<c>\n<x>1</x>\n<x>2</y>\n</c>", "a.txt:3:"),
        ("<c>\n<x>1</x>\n", "a.txt:"),
        ("<c>\n<x>\n\x01</x></c>", "a.txt:3:"),
        ('\n{"x": 1}', "a.txt:2:"),
        ("", "a.txt"),
    ],
)
def test_broken_xml_is_an_error_with_its_line(tmp_path: Path, content: str, where: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(read([make_member(tmp_path, content)], record="x"))
    assert caught.value.faults[0].where.startswith(where)


def test_what_is_read_is_freed(tmp_path: Path) -> None:
    content = "<c>" + "<d><o/><x>1</x></d>" * 5000 + "</c>"
    member = make_member(tmp_path, content)
    names = _Names(False, frozenset())
    with member.open() as file:
        for element in _elements(member, file, ["x"], names):
            held = sum(1 for _ in element.getroottree().iter())
            # What the parser has read ahead in one piece of the file, and nothing from before.
            assert held < 10_000
    assert held < 6_000


def test_mixed_content_keeps_the_place_of_each_element(tmp_path: Path) -> None:
    content = (
        "<c><x><t lang='en'>We saw <v id='1'>A<b>10</b>T</v> &lt; <v id='2'>G5C</v>.</t></x>"
        "<x><t/></x></c>"
    )

    first, second = data(
        read([make_member(tmp_path, content)], record="x", mixed=["t"], single=["t"])
    )

    assert first["t"] == {
        "@lang": "en",
        "#text": "We saw A10T < G5C.",
        "#marks": [
            {"#tag": "v", "@id": "1", "start": 7, "end": 11},
            {"#tag": "b", "start": 8, "end": 10},
            {"#tag": "v", "@id": "2", "start": 14, "end": 17},
        ],
    }
    assert second["t"] == {"#text": "", "#marks": []}


def test_the_stem_of_the_file_may_be_the_key(tmp_path: Path) -> None:
    member = make_member(tmp_path, "<note><t>Well.</t></note>")
    [row] = read([member], record="note", single=["t"], stem="patient")
    assert isinstance(row, Row)
    assert (row.key, row.data) == ("a", {"patient": "a", "t": "Well."})
